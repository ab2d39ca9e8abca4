"""The link from the assistant to the estimator, and between the estimator's own pages.

Its parameters are readable and versioned: `?v=1&lang=sv&size=4&hours=12&month=3&date=2025-03-01`. `hours` are hours a
month on weekdays by day, `hours.sunday` and so on those of the other bands; `price`, `price.sunday` and so on are a
provider's euros an hour. `visits=tue.16:00-19:00,sat.10:00-14:00` are weekly visits. Income is never among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, cast
from urllib.parse import urlencode

from msgspec import Struct

from core.income import LARGEST_HOUSEHOLD
from core.localisation import LANGUAGES, Language, Name, Text
from core.ruleset import BANDS, WEEKDAYS, Band, Weekday
from core.visits import MINUTES_A_DAY, Visit, minute_of_day
from core.weekly import MOST_WEEKLY_VISITS, weekly

VERSION: Final = "1"
LONGEST_SERVICE_MONTHS: Final = 120
HOURS_STEP: Final = Decimal("0.25")
HOURS_A_MONTH: Final = Decimal(744)
DATE_ALLOWED: Final = Text("a date such as {example}", {"example": Name("2025-03-01")})
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,4})?", re.ASCII)
_PRICE: Final = re.compile(r"\d{1,4}(?:\.\d{1,2})?", re.ASCII)
_VISIT: Final = re.compile(rf"(?P<weekday>{'|'.join(WEEKDAYS)})\.(?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d)", re.ASCII)
_DAY_BAND: Final[Band] = "weekday_day"


class Handoff(Struct, frozen=True):
    """What a link carries. `month` is the month of the service that is asked about, 1 for the first."""

    language: Language | None = None
    household_size: int | None = None
    hours: Mapping[Band, Decimal] = {}
    month: int | None = None
    on: date | None = None
    visits: tuple[Visit, ...] = ()
    provider_price: Mapping[Band, Decimal] = {}


def to_query(handoff: Handoff) -> str:
    """The link's query string.

    >>> to_query(Handoff("sv", 4, {"weekday_day": Decimal("12")}))
    'v=1&lang=sv&size=4&hours=12'
    """
    parameters: dict[str, str] = {"v": VERSION}
    if handoff.language is not None:
        parameters["lang"] = handoff.language
    if handoff.household_size is not None:
        parameters["size"] = str(handoff.household_size)
    for band in BANDS:
        if band in handoff.hours:
            parameters[_band_parameter("hours", band)] = plain_number(handoff.hours[band])
    if handoff.month is not None:
        parameters["month"] = str(handoff.month)
    if handoff.on is not None:
        parameters["date"] = handoff.on.isoformat()
    if handoff.visits:
        parameters["visits"] = ",".join(f"{visit.weekday}.{visit.start}-{visit.end}" for visit in handoff.visits)
    for band in BANDS:
        if band in handoff.provider_price:
            parameters[_band_parameter("price", band)] = plain_number(handoff.provider_price[band])
    return urlencode(parameters, safe=",:")


def from_query(parameters: Mapping[str, str]) -> tuple[Handoff, list[Text]]:
    """What a link's parameters say, and a note for each of ours that is broken; that one is then left out.

    Parameters that are not ours (`embed`, …) are left alone. Anything that could hold income is not read at all.
    """
    notes: list[Text] = []

    def broken(name: str, allowed: Text) -> None:
        notes.append(
            Text(
                "The link's part {name} was not understood and is left out. Allowed: {allowed}",
                {"name": Name(name), "allowed": allowed},
            )
        )

    if parameters.get("v", VERSION) != VERSION:
        broken("v", Text("one of {choices}", {"choices": [Name(VERSION)]}))
        return Handoff(), notes

    language: Language | None = None
    if "lang" in parameters:
        if parameters["lang"] in LANGUAGES:
            language = cast(Language, parameters["lang"])
        else:
            broken("lang", Text("one of {choices}", {"choices": [Name(code) for code in LANGUAGES]}))

    def whole(name: str, largest: int) -> int | None:
        typed = parameters.get(name)
        if typed is None:
            return None
        if typed.isascii() and typed.isdigit() and len(typed) <= 4 and 1 <= int(typed) <= largest:
            return int(typed)
        broken(name, Text("{first} to {last}", {"first": 1, "last": largest}))
        return None

    hours: dict[Band, Decimal] = {}
    for band in BANDS:
        name = _band_parameter("hours", band)
        if name in parameters:
            number = _quarter_hours(parameters[name])
            if number is None:
                broken(name, _HOURS_ALLOWED)
            else:
                hours[band] = number
    if sum(hours.values(), Decimal(0)) > HOURS_A_MONTH:
        broken("hours", _HOURS_ALLOWED)
        hours = {}

    on: date | None = None
    if "date" in parameters:
        on = parse_date(parameters["date"])
        if on is None:
            broken("date", DATE_ALLOWED)
    visits: tuple[Visit, ...] = ()
    if "visits" in parameters:
        try:
            visits = _visits(parameters["visits"])
        except ValueError:
            broken("visits", Text("visits such as {example}", {"example": Name("tue.16:00-19:00,sat.10:00-14:00")}))

    prices: dict[Band, Decimal] = {}
    for band in BANDS:
        name = _band_parameter("price", band)
        if name in parameters:
            if _PRICE.fullmatch(parameters[name]):
                prices[band] = Decimal(parameters[name])
            else:
                broken(name, Text("euros an hour such as {example}", {"example": Name("36.50")}))
    size, month = whole("size", LARGEST_HOUSEHOLD), whole("month", LONGEST_SERVICE_MONTHS)
    return Handoff(language, size, hours, month, on, visits, prices), notes


def parse_date(typed: str) -> date | None:
    """The date of "YYYY-MM-DD"; None for anything else."""
    try:
        return date.fromisoformat(typed) if _DATE.fullmatch(typed) else None
    except ValueError:
        return None


def plain_number(number: Decimal) -> str:
    """A decimal without trailing zeros or exponent.

    >>> plain_number(Decimal("12.50")), plain_number(Decimal("20"))
    ('12.5', '20')
    """
    return f"{number.normalize():f}"


_HOURS_ALLOWED: Final = Text("quarter hours above 0, in all at most {most} a month", {"most": HOURS_A_MONTH})


def _band_parameter(name: str, band: Band) -> str:
    return name if band == _DAY_BAND else f"{name}.{band}"


def _visits(typed: str) -> tuple[Visit, ...]:
    """Weekly visits as a link writes them; raises ValueError for anything else."""
    parts = typed.split(",")
    if len(parts) > MOST_WEEKLY_VISITS:
        raise ValueError(typed)
    visits = []
    for part in parts:
        match = _VISIT.fullmatch(part)
        if match is None or minute_of_day(match["start"]) == MINUTES_A_DAY:
            raise ValueError(part)
        minute_of_day(match["end"])
        visits.append(weekly(cast(Weekday, match["weekday"]), match["start"], match["end"]))
    return tuple(visits)


def _quarter_hours(typed: str) -> Decimal | None:
    number = Decimal(typed) if _NUMBER.fullmatch(typed) else Decimal(0)
    return number if 0 < number <= HOURS_A_MONTH and number % HOURS_STEP == 0 else None
