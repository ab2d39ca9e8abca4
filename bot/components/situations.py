"""What a message tells of the family: situations that hold, and situations it says do not hold.

One linear model a situation, over letters and words, and the network that knows what messages mean read the whole message
and each of its clauses, so that one sentence among many is heard. Negation counts: "siivousta en kaipaa" denies, "en jaksa" tells.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import vstack

from bot.components import COMPONENT, component, encodable
from bot.components.clauses import clauses
from bot.components.learner import Learner
from bot.components.meaning import Meaning
from bot.components.text_features import TextFeatures, heard
from bot.components.topics import EMERGENCY, OUT_OF_SCOPE
from bot.components.training_messages import told_in

TOLD_WEIGHT = 4  # of messages that tell a situation against the many that do not
ASSERTED_WEIGHT = 0.15  # of the network's log odds against the linear model's scores
DENIED_WEIGHT = 0.1  # the same of what is denied
ELSEWHERE = (EMERGENCY, OUT_OF_SCOPE)
CLAUSE_WEIGHT = 0.4  # of the surest clause against the whole message


class SituationModel:
    """The linear models behind the component, free of Rasa."""

    def __init__(self) -> None:
        self._features = TextFeatures()

    def fit(self, texts: list[str], asserted: list[list[str]], denied: list[list[str]]) -> SituationModel:
        """Learn from messages; those that tell nothing are examples against every situation.

        A clause is an example too: against a situation that its message does not tell, and for one when it is the clause
        that tells it.
        """
        from sklearn.svm import LinearSVC

        def svc(examples: Any, told: np.ndarray) -> Any:
            return LinearSVC(C=0.5, tol=1e-3, random_state=0, class_weight={True: TOLD_WEIGHT}).fit(examples, told)

        self.situations = sorted({situation for told in (*asserted, *denied) for situation in told})
        rows = self._features.fit_transform(texts)
        split = [clauses(text) for text in texts]
        several = [i for i, its_clauses in enumerate(split) if len(its_clauses) > 1]
        owner = np.repeat(several, [len(split[i]) for i in several]).astype(int)
        clause_rows, all_rows = None, rows
        if several:
            clause_rows = self._features.transform([clause for i in several for clause in split[i]])
            all_rows = vstack([rows, clause_rows]).tocsr()

        def one(held: np.ndarray) -> Any:
            if not held.any() or held.all():
                return None
            model = svc(rows, held)
            if clause_rows is not None:
                telling = _telling(model.decision_function(clause_rows), owner, held)
                used = np.concatenate([np.ones(len(held), bool), telling | ~held[owner]])
                model = svc(all_rows[used], np.concatenate([held, telling])[used])
            model.coef_ = model.coef_.astype(np.float32)  # half the size, the same answers
            return model

        holds = {s: np.array([s in told for told in asserted]) for s in self.situations}
        denies = {s: np.array([s in told for told in denied]) for s in self.situations}
        self._asserted = [one(holds[s]) for s in self.situations]
        self._mentioned = [one(holds[s] | denies[s]) for s in self.situations]
        self._denial = one(np.array([bool(told) for told in denied]))
        return self

    def scores(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """n × situations scores of telling it and of mentioning it, and n scores of denying anything."""
        rows = self._features.transform(texts)

        def score(model: Any) -> np.ndarray:
            return model.decision_function(rows) if model is not None else np.full(len(texts), -9.0)

        return (
            np.stack([score(model) for model in self._asserted], axis=1),
            np.stack([score(model) for model in self._mentioned], axis=1),
            score(self._denial),
        )

    def read(
        self, text: str, meaning: Meaning, asserted_from: float, denied_from: float
    ) -> tuple[list[str], list[str]]:
        """The situations that a message tells, surest first, and those it denies, from the least scores given.

        `meaning` is the network's view of the message and of its clauses. A situation is denied where the message or a
        clause both names it and denies something, and the message does not tell it.
        """
        asserted, mentioned, denial = self.scores([text, *clauses(text)])
        asserted = asserted + ASSERTED_WEIGHT * meaning.asserted
        told = heard(asserted[0], asserted[1:], CLAUSE_WEIGHT)
        holds = [self.situations[i] for i in np.argsort(-told) if told[i] >= asserted_from]
        denying = (np.minimum(mentioned, denial[:, None]) + DENIED_WEIGHT * meaning.denied).max(0)
        denied = [name for name, score in zip(self.situations, denying) if score >= denied_from and name not in holds]
        return holds, denied


def _telling(scores: np.ndarray, owner: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Which clauses tell what their message is known to tell: the surest of each, if it is sure at all."""
    telling = np.zeros(len(scores), bool)
    for message in np.unique(owner[held[owner]]):
        its_clauses = np.flatnonzero(owner == message)
        surest = its_clauses[scores[its_clauses].argmax()]
        telling[surest] = scores[surest] > 0
    return telling


@component(COMPONENT.INTENT_CLASSIFIER, trainable=True)
class SituationClassifier(Learner):
    """Sets `situations` and `denied_situations`, lists of ids."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Least scores, chosen on tests/tuning and by `python -m bot measure`. `elsewhere_from` stands for
        `asserted_from` in messages about other things than help for the family, which seldom tell of it.
        """
        return {"asserted_from": -0.05, "elsewhere_from": 0.35, "denied_from": 0.1}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the metadata of messages (`situations`, `denied`)."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        told = [told_in(message) for message in messages]
        texts = [message.get(TEXT) for message in messages]
        return self._stored(SituationModel().fit(texts, [holds for holds, _ in told], [denied for _, denied in told]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set both lists on every message, the surest first."""
        model: SituationModel = self._learned()
        for message in messages:
            text = encodable(message.get(TEXT) or "").strip()
            holds, denied = model.read(text, message.get("meaning"), **self._least(message))
            message.set("situations", holds, add_to_output=True)
            message.set("denied_situations", denied, add_to_output=True)
        return messages

    def _least(self, message: Message) -> dict[str, float]:
        elsewhere = (message.get(INTENT) or {}).get("name") in ELSEWHERE
        return {
            "asserted_from": self._config["elsewhere_from" if elsewhere else "asserted_from"],
            "denied_from": self._config["denied_from"],
        }
