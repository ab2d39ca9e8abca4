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
from bot.components.topics import EMERGENCY, OUT_OF_SCOPE, TopicClassifier, TopicModel, danger, danger_pattern
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
    strongest = np.hstack([whole, np.stack([rows_of_one.max(0) for rows_of_one in of_clauses])])

    strata = [f"{row.topic} {row.language}" for row in rows]
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, strata))
    return "\n".join([*_topics(rows, whole, split, of_clauses, folds), *_situations(rows, strongest, folds)])


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
        scores[test], signs = model.probabilities([rows[i].text for i in test], whole[test])
        _, of_parts = model.probabilities(
            [clause for i in test for clause in split[i]], np.vstack([of_clauses[i] for i in test])
        )
        ends = np.cumsum([len(split[i]) for i in test])
        sounds[test] = [danger(*pair) for pair in zip(signs, np.split(of_parts, ends[:-1]))]
    refused = scores[:, topics.index(OUT_OF_SCOPE)]
    in_scope = actual != topics.index(OUT_OF_SCOPE)
    unmistakable = np.array([bool(danger_pattern().search(words(row.text))) for row in rows])
    emergency = actual == topics.index(EMERGENCY)

    yield f"{len(rows)} messages"
    for least in sorted({0.1, 0.15, 0.2, 0.3, 0.5, config["out_of_scope_from"]}):
        predicted = np.where(refused >= least, topics.index(OUT_OF_SCOPE), scores.argmax(1))
        right = predicted == actual
        by_language = " ".join(
            f"{code} {right[[row.language == code for row in rows]].mean():.3f}" for code in TRAINED_LANGUAGES
        )
        yield (
            f"topics, out_of_scope from {least}: {by_language}; out_of_scope recall "
            f"{(refused >= least)[~in_scope].mean():.3f}, refused in scope {(refused >= least)[in_scope].mean():.3f}"
        )
    yield f"emergency, words alone: recall {unmistakable[emergency].mean():.3f}, false alarms {unmistakable[~emergency].sum()}"
    whole_message = scores[:, topics.index(EMERGENCY)]
    for least in sorted({0.05, 0.1, 0.2, config["emergency_from"]}):
        for heard in sorted({0.7, 0.95, config["danger_from"]}):
            found = (whole_message >= least) | (danger >= heard) | unmistakable
            yield (
                f"emergency from {least}, danger from {heard}: recall {found[emergency].mean():.3f}, "
                f"false alarms {found[~emergency].sum()}"
            )


def _situations(rows: list[Example], dense: np.ndarray, folds: Any) -> Iterator[str]:
    config = SituationClassifier.get_default_config()
    situations = sorted({situation for row in rows for situation in (*row.situations, *row.denied)})
    holds = np.array([[situation in row.situations for situation in situations] for row in rows])
    denied = np.array([[situation in row.denied for situation in situations] for row in rows])
    asserted, mentioned, denial = np.zeros(holds.shape), np.zeros(holds.shape), np.zeros(len(rows))
    for train, test in folds:
        model = SituationModel().fit(
            [rows[i].text for i in train],
            dense[train],
            [list(rows[i].situations) for i in train],
            [list(rows[i].denied) for i in train],
        )
        columns = [situations.index(situation) for situation in model.situations]
        told, named, denial[test] = model.scores([rows[i].text for i in test], dense[test])
        asserted[np.ix_(test, columns)], mentioned[np.ix_(test, columns)] = told, named
    for least in sorted({-0.5, -0.4, -0.3, -0.2, config["asserted_from"]}):
        yield f"situations from {least}: {_f1(asserted >= least, holds)}"
    for least in sorted({-0.7, -0.5, -0.3, config["denial_from"]}):
        found = (
            (mentioned >= config["mentioned_from"])
            & (denial >= least)[:, None]
            & ~(asserted >= config["asserted_from"])
        )
        yield f"denied situations, denial from {least}: {_f1(found, denied)}"
    for column, situation in enumerate(situations):
        yield f"  {situation}: {_f1(asserted[:, column] >= config['asserted_from'], holds[:, column])}"


def _f1(found: np.ndarray, actual: np.ndarray) -> str:
    both = int((found & actual).sum())
    precision, recall = both / max(int(found.sum()), 1), both / max(int(actual.sum()), 1)
    return f"precision {precision:.3f}, recall {recall:.3f}, F1 {2 * precision * recall / max(precision + recall, 1e-9):.3f}"
