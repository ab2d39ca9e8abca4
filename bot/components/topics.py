"""The topic of a message: the intent, and the ranking of all topics.

One linear model over letters, words and meaning. Two decisions are taken apart from "the likeliest wins":
a message is `out_of_scope` as soon as that is likely enough, and an `emergency` when a detector of its own, or an
unmistakable word, says so, in the whole message or in one of its sentences: a false alarm costs less than a missed one.
"""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import COMPONENT, component, encodable
from bot.components.sentence_features import clauses, sentence_and_clauses
from bot.components.text_features import TextFeatures, words

OUT_OF_SCOPE = "out_of_scope"
EMERGENCY = "emergency"
DANGER = Path(__file__).with_name("danger_words.yml")


def danger_pattern(path: Path = DANGER) -> re.Pattern[str]:
    """The unmistakable phrases of danger, compared without dots, repeated letters and punctuation."""
    phrases = [words(phrase) for group in yaml.safe_load(path.read_text(encoding="utf-8")).values() for phrase in group]
    return re.compile("|".join(rf"\b{re.escape(phrase)}" for phrase in phrases))


class TopicModel:
    """The linear models behind the component, free of Rasa."""

    def __init__(self, temperature: float) -> None:
        self._temperature = temperature
        self._features = TextFeatures()

    def fit(self, texts: list[str], dense: np.ndarray, topics: list[str]) -> TopicModel:
        """Learn from messages (n texts, n × m numbers, n topics)."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import LinearSVC

        rows = self._features.fit_transform(texts, dense)
        self._classifier = LinearSVC(C=0.5, random_state=0).fit(rows, topics)
        self._classifier.coef_ = self._classifier.coef_.astype(np.float32)  # half the size, the same answers
        is_emergency = np.array([topic == EMERGENCY for topic in topics])
        self._emergency = None
        if is_emergency.any():
            self._emergency = LogisticRegression(C=10, class_weight="balanced", solver="liblinear", random_state=0).fit(
                rows, is_emergency
            )
        self.topics: list[str] = list(self._classifier.classes_)
        return self

    def probabilities(self, texts: list[str], dense: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """n × topics probabilities in the order of `topics`, and n signs of an emergency as log odds.

        The signs add those of the emergency's own detector and of its place among the topics.
        """
        rows = self._features.transform(texts, dense)
        scores = self._temperature * self._classifier.decision_function(rows)
        powers = np.exp(scores - scores.max(1, keepdims=True))
        probabilities = powers / powers.sum(1, keepdims=True)
        if self._emergency is None:
            return probabilities, np.full((len(texts), 2), -np.inf)
        own = self._emergency.predict_proba(rows)[:, 1]
        return probabilities, np.stack([_log_odds(own), _log_odds(probabilities[:, self.topics.index(EMERGENCY)])], 1)


def _log_odds(probability: np.ndarray) -> np.ndarray:
    return np.log((probability + 1e-5) / (1 - probability + 1e-5))


def danger(whole: np.ndarray, parts: np.ndarray) -> float:
    """How much a message sounds like an emergency, as log odds: the signs (2,) of all of it and (clauses, 2) of its clauses."""
    return float(whole @ (1.0, 0.5) + parts.max(0) @ (0.2, 0.2))


@component(COMPONENT.INTENT_CLASSIFIER, trainable=True)
class TopicClassifier(GraphComponent):
    """Sets `intent` and `intent_ranking` (every topic, likeliest first), and `topics`: those its sentences ask, surest first."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`temperature` turns scores into confidences. `out_of_scope_from` and `topic_from` (for the topic of a clause):
        least confidence. `emergency_from`: least `danger`. Chosen by `python -m bot crossvalidate`, but for
        `emergency_from`: see tests/heldout/report.md.
        """
        return {"temperature": 4.5, "out_of_scope_from": 0.1, "emergency_from": -2.5, "topic_from": 0.6}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: TopicModel | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._danger = danger_pattern()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """An untrained classifier."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """A trained classifier. Raises ValueError when nothing was stored."""
        with model_storage.read_from(resource) as folder:
            model = pickle.loads((folder / "topics.pickle").read_bytes())
        return cls({**cls.get_default_config(), **config}, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all messages with an intent."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        dense = np.stack([sentence_and_clauses(message)[0] for message in messages])
        texts = [message.get(TEXT) for message in messages]
        self._model = TopicModel(self._config["temperature"]).fit(texts, dense, [m.get(INTENT) for m in messages])
        with self._storage.write_to(self._resource) as folder:
            (folder / "topics.pickle").write_bytes(pickle.dumps(self._model))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the properties on every message."""
        for message in messages:
            ranking, told = self._read(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set("topics", told, add_to_output=True)
        return messages

    def _read(self, message: Message) -> tuple[list[dict[str, Any]], list[str]]:
        if self._model is None:
            raise ValueError("TopicClassifier: not trained; train a model first")
        text = encodable(message.get(TEXT) or "").strip()
        whole, parts = sentence_and_clauses(message)
        split = clauses(text)[: len(parts)]
        probabilities, signs = self._model.probabilities([text, *split], np.vstack([whole[None, :], parts]))
        over = danger(signs[0], signs[1:]) - self._config["emergency_from"]
        in_danger = over >= 0 or bool(self._danger.search(words(text)))
        ranking = self._ranking(probabilities[0], float(1 / (1 + np.exp(-over))), in_danger)
        sure = {
            self._model.topics[int(row.argmax())]: float(row.max())
            for row in sorted(probabilities[1:], key=lambda row: float(row.max()))
            if row.max() >= self._config["topic_from"]
        }
        decided_apart = (OUT_OF_SCOPE, EMERGENCY)
        told = [topic for topic in sorted(sure, key=lambda topic: -sure[topic]) if topic not in decided_apart]
        return ranking, [EMERGENCY, *told] if in_danger else told

    def _ranking(self, row: np.ndarray, sure: float, in_danger: bool) -> list[dict[str, Any]]:
        assert self._model is not None
        confidence = dict(zip(self._model.topics, map(float, row)))
        order = sorted(confidence, key=lambda topic: -confidence[topic])
        if confidence.get(OUT_OF_SCOPE, 0.0) >= self._config["out_of_scope_from"]:
            order.remove(OUT_OF_SCOPE)
            order.insert(0, OUT_OF_SCOPE)
        if in_danger:
            order = [EMERGENCY, *(topic for topic in order if topic != EMERGENCY)]
            confidence[EMERGENCY] = max(confidence.get(EMERGENCY, 0.0), sure)
        return [{"name": topic, "confidence": round(confidence[topic], 4)} for topic in order]
