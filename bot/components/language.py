"""The language of a message: Finnish, Swedish or English.

Two judges: lingua's language models, and letters and words learned from the training messages of the two languages,
which know the dialects, typos and missing dots of this domain. English is not trained for, so there the second judge
abstains and lingua alone speaks.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import COMPONENT, component, encodable
from bot.components.learner import Learner
from bot.components.training_messages import DATA, Example, examples

LANGUAGES = ("fi", "sv", "en")


@component(COMPONENT.MESSAGE_FEATURIZER, trainable=True)
class LanguageDetector(Learner):
    """Sets `language`: {"code": "fi", "confidence": 0.98, "decided": true}.

    `decided` is false when the message could be in either language ("ok", "4", "smartum"): the dialogue then keeps
    the language it has.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`lingua_weight`: 0–1, the rest is the learned judge's. `decided_from`: least confidence.

        `data`: the folder with one folder a language. Files of some topics mix languages on purpose: those of `skip` teach
        nothing, and of those of `mixed` only the messages that lingua hears in the folder's language.
        """
        return {
            "lingua_weight": 0.2,
            "decided_from": 0.8,
            "data": str(DATA),
            "skip": ["switch_language"],
            "mixed": ["out_of_scope"],
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Learn letters and words of the two languages; the folders tell the language, which Rasa's messages do not."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline, make_union

        rows = [row for row in examples(Path(self._config["data"])) if self._teaches(row)]
        model = make_pipeline(
            make_union(
                TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2, sublinear_tf=True),
                # the small words of a sentence outweigh one long official term of the other language
                TfidfVectorizer(token_pattern=r"\w+", min_df=2, sublinear_tf=True),
            ),
            LogisticRegression(C=10, max_iter=300, class_weight="balanced"),
        ).fit([row.text for row in rows], [row.language == "fi" for row in rows])
        return self._stored(model)

    def _teaches(self, example: Example) -> bool:
        if example.topic not in self._config["mixed"]:
            return example.topic not in self._config["skip"]
        shares = self._by_lingua(example.text)
        return max(shares, key=shares.__getitem__) == example.language

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training messages stay as they are."""
        return training_data

    @cached_property
    def _lingua(self) -> Any:
        from lingua import Language, LanguageDetectorBuilder

        return LanguageDetectorBuilder.from_languages(Language.FINNISH, Language.SWEDISH, Language.ENGLISH).build()

    def _by_lingua(self, text: str) -> dict[str, float]:
        values = self._lingua.compute_language_confidence_values(text)
        shares = {value.language.iso_code_639_1.name.lower(): value.value for value in values}
        # all zero where there are no letters it knows
        return shares if sum(shares.values()) else dict.fromkeys(LANGUAGES, 1 / len(LANGUAGES))

    def language(self, text: str) -> dict[str, Any]:
        """The language of one message as {"code", "confidence", "decided"}."""
        text = encodable(text)
        finnish = float(self._learned().predict_proba([text])[0][1])
        learned = {"fi": finnish, "sv": 1 - finnish, "en": 0.5}
        lingua, weight = self._by_lingua(text), self._config["lingua_weight"]
        scores = np.array([learned[code] ** (1 - weight) * (lingua[code] + 1e-4) ** weight for code in LANGUAGES])
        scores /= scores.sum()
        best = int(scores.argmax())
        confidence = float(scores[best])
        has_word = any(character.isalpha() for character in text)
        return {
            "code": LANGUAGES[best] if has_word else LANGUAGES[int(scores[:2].argmax())],
            "confidence": round(confidence, 4),
            "decided": has_word and confidence >= self._config["decided_from"],
        }

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `language` on every message."""
        for message in messages:
            message.set("language", self.language(message.get(TEXT) or ""), add_to_output=True)
        return messages
