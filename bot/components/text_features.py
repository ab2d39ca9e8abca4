"""Letters and words of messages as one sparse matrix for linear models."""

from __future__ import annotations

import re

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

_DOTS = str.maketrans("äöåé", "aoae")
_REPEATED = re.compile(r"(.)\1+")
_SIGNS = re.compile(r"[^\w\s?]")
WORD_WEIGHT = 0.7  # against character n-grams; chosen by cross-validation


def heard(whole: np.ndarray, parts: np.ndarray, weight: float) -> np.ndarray:
    """Scores of a message: (scores,) of all its words, and by `weight` the surest of (clauses, scores) of its clauses.

    One sentence among many is heard, and a clause alone never outweighs what stands around it.

    >>> heard(np.array([0.0, 1.0]), np.array([[1.0, 0.0], [0.0, 0.0]]), 1.0)
    array([0.5, 0.5])
    """
    return (whole + weight * parts.max(0)) / (1 + weight)


def squeezed(text: str) -> str:
    """Lower case, no dots, no letter twice in a row: dialect and typos come closer to the written language.

    >>> squeezed("Väääsynyt ÄITI")
    'vasynyt aiti'
    """
    return _REPEATED.sub(r"\1", text.lower().translate(_DOTS))


def words(text: str) -> str:
    """As `squeezed`, without punctuation but the question mark."""
    return _SIGNS.sub(" ", squeezed(text))


class TextFeatures:
    """Character n-grams and words."""

    def __init__(self) -> None:
        self._characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, preprocessor=squeezed, dtype=np.float32
        )
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), token_pattern=r"\S+", sublinear_tf=True, preprocessor=words, dtype=np.float32
        )

    def fit_transform(self, texts: list[str]) -> csr_matrix:
        """Learn from n messages; returns n rows."""
        return self._joined(self._characters.fit_transform(texts), self._words.fit_transform(texts))

    def transform(self, texts: list[str]) -> csr_matrix:
        """The same features of other messages."""
        return self._joined(self._characters.transform(texts), self._words.transform(texts))

    @staticmethod
    def _joined(characters: csr_matrix, word_rows: csr_matrix) -> csr_matrix:
        return hstack([characters, word_rows * WORD_WEIGHT]).tocsr()
