"""The topic of a message: the intent, and the ranking of all topics.

A linear model over letters and words, and the network that knows what messages mean, read the whole message and each of
its clauses. Two decisions are taken apart from "the likeliest wins": a message is `out_of_scope` as soon as that
is likely enough, and an `emergency` when it sounds like one, or an unmistakable word says so, in the whole message or in
one of its sentences: a false alarm costs less than a missed one.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import COMPONENT, component, encodable
from bot.components.clauses import clauses
from bot.components.learner import Learner
from bot.components.text_features import TextFeatures, heard, words

OUT_OF_SCOPE = "out_of_scope"
EMERGENCY = "emergency"
DANGER = Path(__file__).with_name("danger_words.yml")
CLAUSE_WEIGHT = 0.2  # of the surest clause against the whole message
DANGER_CLAUSE_WEIGHT = 0.5  # the same for danger
DANGER_MEANING_WEIGHT = 0.5  # of the network's log odds of danger
MEANING_WEIGHT = 0.2  # of the network's log probabilities against the linear model's scores


def danger_pattern(path: Path = DANGER) -> re.Pattern[str]:
    """The unmistakable phrases of danger, compared without dots, repeated letters and punctuation."""
    phrases = [phrase for group in yaml.safe_load(path.read_text(encoding="utf-8")).values() for phrase in group]
    ends = [r"\b" if phrase.endswith(".") else "" for phrase in phrases]
    return re.compile("|".join(rf"\b{re.escape(words(phrase).strip())}{end}" for phrase, end in zip(phrases, ends)))


class TopicModel:
    """The models behind the component, free of Rasa."""

    def __init__(self, temperature: float) -> None:
        self._temperature = temperature
        self._features = TextFeatures()

    def fit(self, texts: list[str], topics: list[str]) -> TopicModel:
        """Learn from messages (n texts, n topics)."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import LinearSVC

        rows = self._features.fit_transform(texts)
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

    def scores(self, texts: list[str], meant: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """n × topics scores in the order of `topics`, and n log odds of danger.

        `meant` is the network's n × topics log probabilities.
        """
        rows = self._features.transform(texts)
        scores = self._classifier.decision_function(rows) + MEANING_WEIGHT * meant
        if self._emergency is None:
            return scores, np.full(len(texts), -np.inf)
        # the linear model knows the words of danger, the network what else a message may be about
        of_danger = np.exp(meant[:, self.topics.index(EMERGENCY)])
        return scores, self._emergency.decision_function(rows) + DANGER_MEANING_WEIGHT * np.log(
            of_danger / (1 - of_danger)
        )

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """Confidences of the topics, from scores in the last dimension."""
        powers = np.exp(self._temperature * (scores - scores.max(-1, keepdims=True)))
        return powers / powers.sum(-1, keepdims=True)

    def read(self, scores: np.ndarray, dangers: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """A message from the scores of its whole text (first row) and of its clauses (the others).

        Returns confidences of the topics in the message, in each clause, and how much it sounds like danger, as log odds.
        """
        of_message = heard(scores[0], scores[1:], CLAUSE_WEIGHT)
        danger = float(heard(dangers[0], dangers[1:], DANGER_CLAUSE_WEIGHT))
        return self.probabilities(of_message), self.probabilities(scores[1:]), danger


@component(COMPONENT.INTENT_CLASSIFIER, trainable=True)
class TopicClassifier(Learner):
    """Sets `intent` and `intent_ranking` (every topic, likeliest first), and `topics`: those its sentences ask, in order."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`temperature` turns scores into confidences. A message is out of scope from `out_of_scope_from` on, unless
        another topic has `sure_from`. `emergency_from`: least `danger`. `topic_from`: least confidence of a clause's
        topic. Chosen on tests/tuning and by `python -m bot measure`; `emergency_from` on the safe side.
        """
        return {
            "temperature": 2.2,
            "out_of_scope_from": 0.1,
            "sure_from": 0.7,
            "emergency_from": -2.5,
            "topic_from": 0.6,
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all messages with an intent."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        texts, topics = [message.get(TEXT) for message in messages], [message.get(INTENT) for message in messages]
        return self._stored(TopicModel(self._config["temperature"]).fit(texts, topics))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the properties on every message."""
        for message in messages:
            ranking, told = self._read(message)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set("topics", told, add_to_output=True)
        return messages

    @cached_property
    def _danger(self) -> re.Pattern[str]:
        return danger_pattern()

    def _read(self, message: Message) -> tuple[list[dict[str, Any]], list[str]]:
        model: TopicModel = self._learned()
        text = encodable(message.get(TEXT) or "").strip()
        scores, dangers = model.scores([text, *clauses(text)], message.get("meaning").topics)
        confidences, of_clauses, danger = model.read(scores, dangers)
        unmistakable = bool(self._danger.search(words(text)))
        in_danger = unmistakable or danger >= self._config["emergency_from"]
        ranking = self._ranking(confidences, 1.0 if unmistakable else float(1 / (1 + np.exp(-danger))), in_danger)
        asked = [model.topics[int(row.argmax())] for row in of_clauses if row.max() >= self._config["topic_from"]]
        told = [topic for topic in dict.fromkeys(asked) if topic not in (OUT_OF_SCOPE, EMERGENCY)]
        return ranking, [EMERGENCY, *told] if in_danger else told

    def refuses(self, out_of_scope: float, best: float) -> bool:
        """Whether a message is out of scope, though another topic may be likelier."""
        return out_of_scope >= self._config["out_of_scope_from"] and best < self._config["sure_from"]

    def _ranking(self, row: np.ndarray, sure: float, in_danger: bool) -> list[dict[str, Any]]:
        confidence = dict(zip(self._learned().topics, map(float, row)))
        order = sorted(confidence, key=lambda topic: -confidence[topic])
        if self.refuses(confidence.get(OUT_OF_SCOPE, 0.0), confidence[order[0]]):
            order.remove(OUT_OF_SCOPE)
            order.insert(0, OUT_OF_SCOPE)
        if in_danger:
            order = [EMERGENCY, *(topic for topic in order if topic != EMERGENCY)]
            confidence[EMERGENCY] = max(confidence.get(EMERGENCY, 0.0), sure)
        return [{"name": topic, "confidence": round(confidence[topic], 4)} for topic in order]
