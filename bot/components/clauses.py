"""A message in clauses: one sentence among many is heard, and "not cleaning, but child care" is two."""

from __future__ import annotations

import re

MOST_CLAUSES = 12
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
