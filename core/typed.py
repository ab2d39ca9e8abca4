"""What people type, other than money and visits: hours and dates."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from core.errors import InvalidInput
from core.handoff import HOURS_A_MONTH, HOURS_STEP, parse_date
from core.localisation import Name, Text

_HOURS: Final = re.compile(
    r"(?P<number>\d{1,3}(?:[.,]\d{1,2})?)\s*(?:h|t|tim|tuntia|tunti|timmar|timme|hours?)?\.?", re.ASCII
)
_DATE: Final = re.compile(r"(?P<day>\d{1,2})\.\s*(?P<month>\d{1,2})\.\s*(?P<year>\d{4})", re.ASCII)


def parse_hours(typed: str, field: str = "hours") -> Decimal:
    """Hours a month as a person types them, in quarter hours; 0 is allowed.

    >>> parse_hours("12,5"), parse_hours("12 h")
    (Decimal('12.5'), Decimal('12'))

    Raises InvalidInput, saying what is expected.
    """
    match = _HOURS.fullmatch(typed.strip().lower())
    hours = Decimal(match["number"].replace(",", ".")) if match else None
    if hours is None or hours > HOURS_A_MONTH or hours % HOURS_STEP:
        allowed = Text(
            "hours a month in quarter hours, such as {whole} or {quarters}, at most {most}",
            {"whole": 12, "quarters": Decimal("12.25"), "most": HOURS_A_MONTH},
        )
        raise InvalidInput(field, typed, allowed)
    return hours


def parse_day(typed: str, field: str = "date") -> date:
    """A date as a person types it in Finland, or as a link writes it.

    >>> parse_day("1.3.2025"), parse_day("2025-03-01")
    (datetime.date(2025, 3, 1), datetime.date(2025, 3, 1))

    Raises InvalidInput, saying what is expected.
    """
    text = typed.strip()
    match = _DATE.fullmatch(text)
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"])) if match else parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise InvalidInput(field, typed, Text("a date such as {example}", {"example": Name("1.3.2025")}))
    return day
