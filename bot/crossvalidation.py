"""How well the pipeline reads messages it has not seen: five-fold cross-validation on the training messages.

The figures choose features and thresholds. The held-out messages of `tests/heldout` are never used for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedKFold

from bot.components.sentence_features import SentenceFeatures, clauses
from bot.components.situations import SituationClassifier, SituationModel
from bot.components.text_features import words
from bot.components.topics import EMERGENCY, OUT_OF_SCOPE, TopicClassifier, TopicModel, danger_pattern
from bot.components.training_messages import TRAINED_LANGUAGES, Example, examples

FOLDS = 5


def report() -> str:
    """The figures as lines of text."""
    rows = examples()
    texts = [row.text for row in rows]
    encoder = SentenceFeatures(SentenceFeatures.get_default_config())
    split = [clauses(text) for text in texts]
    encoded = encoder.encode_once([*texts, *(part for parts in split for part in parts)])
    whole, parts = encoded[: len(texts)], encoded[len(texts) :]
    ends = np.cumsum([len(clause) for clause in split])
    of_clauses = np.split(parts, ends[:-1])

    strata = [f"{row.topic} {row.language}" for row in rows]
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, strata))
    return "\n".join([*_topics(rows, whole, split, of_clauses, folds), *_situations(rows, whole, of_clauses, folds)])


def _topics(
    rows: list[Example], whole: np.ndarray, split: list[list[str]], of_clauses: Any, folds: Any
) -> Iterator[str]:
    config = TopicClassifier.get_default_config()
    topics = sorted({row.topic for row in rows})
    actual = np.array([topics.index(row.topic) for row in rows])
    scores, sounds = np.zeros((len(rows), len(topics))), np.zeros(len(rows))
    for train, test in folds:
        model = TopicModel(config["temperature"])
        model.fit([rows[i].text for i in train], whole[train], [rows[i].topic for i in train])
        of_whole, whole_dangers = model.scores([rows[i].text for i in test], whole[test])
        of_parts, part_dangers = model.scores(
            [clause for i in test for clause in split[i]], np.vstack([of_clauses[i] for i in test])
        )
        ends = np.cumsum([len(split[i]) for i in test])[:-1]
        pairs = zip(test, np.split(of_parts, ends), np.split(part_dangers, ends))
        for place, (i, parts, dangers) in enumerate(pairs):
            scores[i], _, sounds[i] = model.read(
                np.vstack([of_whole[place], parts]), np.concatenate([whole_dangers[place : place + 1], dangers])
            )
    out_of_scope = topics.index(OUT_OF_SCOPE)
    best = np.delete(scores, out_of_scope, axis=1).max(1)
    in_scope = actual != out_of_scope
    unmistakable = np.array([bool(danger_pattern().search(words(row.text))) for row in rows])
    emergency = actual == topics.index(EMERGENCY)

    yield f"{len(rows)} messages"
    for least in sorted({0.05, 0.1, 0.2, 0.3, config["out_of_scope_from"]}):
        refused = (scores[:, out_of_scope] >= least) & (best < config["sure_from"]) | (scores.argmax(1) == out_of_scope)
        right = np.where(refused, out_of_scope, scores.argmax(1)) == actual
        by_language = " ".join(
            f"{code} {right[[row.language == code for row in rows]].mean():.3f}" for code in TRAINED_LANGUAGES
        )
        yield (
            f"topics, out_of_scope from {least}: {by_language}; out_of_scope recall {refused[~in_scope].mean():.3f}, "
            f"refused in scope {refused[in_scope].mean():.3f}"
        )
    yield f"emergency, words alone: recall {unmistakable[emergency].mean():.3f}, false alarms {unmistakable[~emergency].sum()}"
    for least in sorted({-2.0, -1.5, -1.0, -0.5, 0.0, config["emergency_from"]}):
        found = (sounds >= least) | unmistakable
        yield f"emergency from {least}: recall {found[emergency].mean():.3f}, false alarms {found[~emergency].mean():.4f}"


def _situations(rows: list[Example], whole: np.ndarray, of_clauses: Any, folds: Any) -> Iterator[str]:
    config = {
        name: least for name, least in SituationClassifier.get_default_config().items() if name != "elsewhere_from"
    }
    situations = sorted({situation for row in rows for situation in (*row.situations, *row.denied)})
    holds = np.array([[situation in row.situations for situation in situations] for row in rows])
    denies = np.array([[situation in row.denied for situation in situations] for row in rows])
    tried = [{**config, name: config[name] + by} for name in config for by in (-0.2, -0.1, 0.1, 0.2)]
    found = [(np.zeros(holds.shape, bool), np.zeros(holds.shape, bool)) for _ in (config, *tried)]
    for train, test in folds:
        model = SituationModel().fit(
            [rows[i].text for i in train],
            whole[train],
            [of_clauses[i] for i in train],
            [list(rows[i].situations) for i in train],
            [list(rows[i].denied) for i in train],
        )
        for i in test:
            for least, (told, denied) in zip((config, *tried), found):
                names = model.read(rows[i].text, whole[i], of_clauses[i], **least)
                for column, marks in zip(names, (told, denied)):
                    marks[i, [situations.index(name) for name in column]] = True
    for least, (told, denied) in zip((config, *tried), found):
        yield f"situations from {least}: {_f1(told, holds)}; denied: {_f1(denied, denies)}"
    for column, situation in enumerate(situations):
        yield f"  {situation}: {_f1(found[0][0][:, column], holds[:, column])}"


def _f1(found: np.ndarray, actual: np.ndarray) -> str:
    both = int((found & actual).sum())
    precision, recall = both / max(int(found.sum()), 1), both / max(int(actual.sum()), 1)
    return f"precision {precision:.3f}, recall {recall:.3f}, F1 {2 * precision * recall / max(precision + recall, 1e-9):.3f}"
