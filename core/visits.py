"""Visits split into time bands by the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from msgspec import Struct

from core.errors import InvalidInput
from core.localisation import Text
from core.ruleset import BANDS, WEEKDAYS, Band, BandRule, Weekday

MINUTES_A_DAY: Final = 24 * 60
MINUTES_A_WEEK: Final = 7 * MINUTES_A_DAY
HOUR_STEP: Final = Decimal("1E-18")  # 20 minutes are a third of an hour; `fees.exact_hours` finds the third again
_CLOCK: Final = re.compile(r"(\d{2}):(\d{2})", re.ASCII)


class Visit(Struct, frozen=True, forbid_unknown_fields=True):
    """A visit of the home service worker: from `start` to `end` ("HH:MM"), so many times a month.

    An `end` that is not after `start` is on the next day.
    """

    weekday: Weekday
    start: str
    end: str
    times_per_month: Decimal


def minute_of_day(clock: str) -> int:
    """Minutes since midnight; "24:00" is the end of the day. Raises ValueError for anything else.

    >>> minute_of_day("16:30")
    990
    """
    match = _CLOCK.fullmatch(clock)
    if match:
        minute = int(match[1]) * 60 + int(match[2])
        if int(match[2]) < 60 and minute <= MINUTES_A_DAY:
            return minute
    raise ValueError(f"{clock!r} is not a time between 00:00 and 24:00")


def band_minutes(rule: BandRule) -> Iterator[int]:
    """The minutes of the week (Monday 00:00 is 0) that a band covers. Raises ValueError for a broken time."""
    for times in rule.times:
        start, end = minute_of_day(times.start), minute_of_day(times.end)
        if end <= start:
            raise ValueError(f"{times.start}–{times.end} ends before it starts")
        for day in times.days:
            midnight = WEEKDAYS.index(day) * MINUTES_A_DAY
            yield from range(midnight + start, midnight + end)


def split(visit: Visit, bands: Mapping[Band, BandRule]) -> dict[Band, int]:
    """Minutes of one visit by band; they sum to the visit's length. Bands without a minute are left out.

    The clock alone decides: a visit may cross a boundary, midnight, or the end of the week. Public holidays are
    ordinary days here, because the source does not say how they are treated.
    """
    start = WEEKDAYS.index(visit.weekday) * MINUTES_A_DAY + _given_clock("start", visit.start)
    length = (_given_clock("end", visit.end) - _given_clock("start", visit.start)) % MINUTES_A_DAY or MINUTES_A_DAY
    minutes: dict[Band, int] = {}
    for name in BANDS:
        rule = bands[name]
        count = sum(
            _overlap(start, start + length, midnight + minute_of_day(times.start), midnight + minute_of_day(times.end))
            for times in rule.times
            for day in times.days
            for midnight in _midnights(day)
        )
        if count:
            minutes[name] = count
    return minutes


def monthly_hours(visits: list[Visit], bands: Mapping[Band, BandRule]) -> dict[Band, Decimal]:
    """Hours a month by band of all visits together."""
    minutes: dict[Band, Decimal] = {}
    for visit in visits:
        for band, count in split(visit, bands).items():
            minutes[band] = minutes.get(band, Decimal(0)) + count * visit.times_per_month
    return {band: (minutes[band] / 60).quantize(HOUR_STEP, ROUND_HALF_UP) for band in BANDS if band in minutes}


def _midnights(day: Weekday) -> tuple[int, int]:
    """A day's midnight in this week and in the next, which a Sunday night's visit reaches."""
    midnight = WEEKDAYS.index(day) * MINUTES_A_DAY
    return midnight, midnight + MINUTES_A_WEEK


def _overlap(start: int, end: int, other_start: int, other_end: int) -> int:
    return max(0, min(end, other_end) - max(start, other_start))


def _given_clock(field: str, clock: str) -> int:
    try:
        return minute_of_day(clock)
    except ValueError:
        allowed = Text("a time between {first} and {last}", {"first": "00:00", "last": "24:00"})
        raise InvalidInput(field, clock, allowed) from None
