"""Euros: the one rounding function, and the parser for what people type."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Final

from core.errors import InvalidInput
from core.localisation import Text

CENT: Final = Decimal("0.01")
LARGEST: Final = Decimal("9999999.99")
ZERO: Final = Decimal("0.00")

_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_UNIT: Final = re.compile(r"(?:€|eur|euros?|euroa)\.?", re.IGNORECASE)
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d{1,2})?")
_SPACED: Final = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?")
_DOTTED: Final = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,2}")

EXPECTED: Final = Text(
    "an amount in euros, such as {plain}, {spaced} or {dotted}, not negative and at most {largest}",
    {"plain": "4000,50", "spaced": "4 000,50", "dotted": "4.000,50 €", "largest": "9 999 999,99"},
)


def to_cents(amount: Decimal | Fraction) -> Decimal:
    """`amount`, not negative, in whole cents, halves up.

    >>> to_cents(Decimal("7.725")), to_cents(Fraction(1, 3))
    (Decimal('7.73'), Decimal('0.33'))
    """
    if isinstance(amount, Fraction):
        return Decimal(floor(amount * 100 + Fraction(1, 2))).scaleb(-2)
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def parse_euro(typed: str, field: str = "amount") -> Decimal:
    """The amount a person typed, in euros with two decimals.

    A comma or a point before one or two digits is the decimal mark; thousands may be set apart by spaces, or by
    points when a decimal comma follows. `4.000` could be four or four thousand, so it is refused like everything else.

    >>> parse_euro("4 066 €"), parse_euro("4.000,50"), parse_euro("4000,5")
    (Decimal('4066.00'), Decimal('4000.50'), Decimal('4000.50'))

    Raises InvalidInput, saying what is expected.
    """
    text = _SPACES.sub(" ", typed).strip()
    for at_edge in (_UNIT.match(text), re.search(rf"{_UNIT.pattern}$", text, re.IGNORECASE)):
        if at_edge:
            text = (text[: at_edge.start()] + text[at_edge.end() :]).strip()
            break
    if _PLAIN.fullmatch(text) or _SPACED.fullmatch(text):
        digits = text.replace(" ", "").replace(",", ".")
    elif _DOTTED.fullmatch(text):
        digits = text.replace(".", "").replace(",", ".")
    else:
        raise InvalidInput(field, typed, EXPECTED)
    if not digits.isascii() or Decimal(digits) > LARGEST:
        raise InvalidInput(field, typed, EXPECTED)
    return to_cents(Decimal(digits))
