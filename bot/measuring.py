"""How well the pipeline reads messages it has not seen: learned from four fifths of the training messages, measured on the rest.

The figures choose features and thresholds. The held-out messages of `tests/heldout` are never used for that.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.model_selection import train_test_split

from bot.components import encodable
from bot.components.clauses import clauses
from bot.components.meaning import Meaning, MeaningModel, MeaningNetwork
from bot.components.situations import SituationClassifier, SituationModel
from bot.components.text_features import words
from bot.components.topics import EMERGENCY, OUT_OF_SCOPE, TopicClassifier, TopicModel, danger_pattern
from bot.components.training_messages import TRAINED_LANGUAGES, Example, examples

MEASURED = 0.2  # of the messages
OUT_OF_SCOPE_FROM = (0.05, 0.1, 0.2, 0.3)
EMERGENCY_FROM = (-6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0)
SHIFTS = (-0.4, -0.2, -0.1, 0.1, 0.2, 0.4)  # of the situations' least scores


def report() -> str:
    """The figures as lines of text."""
    rows = [row._replace(text=encodable(row.text).strip()) for row in examples()]
    strata = [f"{row.topic} {row.language}" for row in rows]
    learned, measured = train_test_split(rows, test_size=MEASURED, random_state=0, stratify=strata)
    network = MeaningModel.taught(
        [row.text for row in learned],
        [row.topic for row in learned],
        [list(row.situations) for row in learned],
        [list(row.denied) for row in learned],
        **MeaningNetwork.get_default_config(),
    )
    meanings = [network.read([row.text, *clauses(row.text)]) for row in measured]
    return "\n".join([*_topics(learned, measured, meanings), *_situations(learned, measured, meanings)])


def _topics(learned: list[Example], measured: list[Example], meanings: list[Meaning]) -> Iterator[str]:
    config = TopicClassifier.get_default_config()
    model = TopicModel(config["temperature"]).fit([row.text for row in learned], [row.topic for row in learned])
    readings = [
        model.read(*model.scores([row.text, *clauses(row.text)], meaning.topics))
        for row, meaning in zip(measured, meanings)
    ]
    scores, danger = np.stack([reading[0] for reading in readings]), np.array([reading[2] for reading in readings])
    actual = np.array([model.topics.index(row.topic) for row in measured])
    out_of_scope = model.topics.index(OUT_OF_SCOPE)
    best = np.delete(scores, out_of_scope, axis=1).max(1)
    in_scope = actual != out_of_scope
    emergency = actual == model.topics.index(EMERGENCY)
    unmistakable = np.array([bool(danger_pattern().search(words(row.text))) for row in measured])

    yield f"{len(learned)} messages learned, {len(measured)} measured"
    for least in sorted({*OUT_OF_SCOPE_FROM, config["out_of_scope_from"]}):
        refused = (scores[:, out_of_scope] >= least) & (best < config["sure_from"]) | (scores.argmax(1) == out_of_scope)
        right = np.where(refused, out_of_scope, scores.argmax(1)) == actual
        by_language = " ".join(
            f"{code} {right[[row.language == code for row in measured]].mean():.3f}" for code in TRAINED_LANGUAGES
        )
        yield (
            f"topics, out_of_scope from {least}: {by_language}; out_of_scope recall {refused[~in_scope].mean():.3f}, "
            f"refused in scope {refused[in_scope].mean():.3f}"
        )
    yield f"emergency, words alone: recall {unmistakable[emergency].mean():.3f}, false alarms {unmistakable[~emergency].sum()}"
    for least in sorted({*EMERGENCY_FROM, config["emergency_from"]}):
        found = (danger >= least) | unmistakable
        yield f"emergency from {least}: recall {found[emergency].mean():.3f}, false alarms {found[~emergency].mean():.4f}"


def _situations(learned: list[Example], measured: list[Example], meanings: list[Meaning]) -> Iterator[str]:
    config = {
        name: least for name, least in SituationClassifier.get_default_config().items() if name != "elsewhere_from"
    }
    model = SituationModel().fit(
        [row.text for row in learned], [list(row.situations) for row in learned], [list(row.denied) for row in learned]
    )
    holds = np.array([[situation in row.situations for situation in model.situations] for row in measured])
    denies = np.array([[situation in row.denied for situation in model.situations] for row in measured])
    for least in (config, *({**config, name: config[name] + by} for name in config for by in SHIFTS)):
        told, denied = np.zeros(holds.shape, bool), np.zeros(holds.shape, bool)
        for i, (row, meaning) in enumerate(zip(measured, meanings)):
            for names, marks in zip(model.read(row.text, meaning, **least), (told, denied)):
                marks[i, [model.situations.index(name) for name in names]] = True
        yield f"situations from {least}: {_f1(told, holds)}; denied: {_f1(denied, denies)}"
        if least is config:
            for column, situation in enumerate(model.situations):
                yield f"  {situation}: {_f1(told[:, column], holds[:, column])}"


def _f1(found: np.ndarray, actual: np.ndarray) -> str:
    both = int((found & actual).sum())
    precision, recall = both / max(int(found.sum()), 1), both / max(int(actual.sum()), 1)
    return f"precision {precision:.3f}, recall {recall:.3f}, F1 {2 * precision * recall / max(precision + recall, 1e-9):.3f}"
