"""Visits of an ordinary week: as people type them ("Tue 16–19, Sat 10–14"), and how often they come in a month."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import time
from decimal import Decimal
from functools import lru_cache
from typing import Final, cast

from babel.dates import get_day_names
from msgspec import Struct

from core.errors import InvalidInput
from core.localisation import LANGUAGES, LOCALES, Language, Text
from core.ruleset import WEEKDAYS, Band, BandRule, Weekday
from core.visits import MINUTES_A_DAY, Visit, minute_of_day

WEEKS_A_YEAR: Final = 52
TIMES_A_MONTH: Final = Decimal(WEEKS_A_YEAR) / 12
MOST_WEEKLY_VISITS: Final = 28
WEEKDAY_NAMES: Final[dict[Weekday, Text]] = {
    "mon": Text("Mon"),
    "tue": Text("Tue"),
    "wed": Text("Wed"),
    "thu": Text("Thu"),
    "fri": Text("Fri"),
    "sat": Text("Sat"),
    "sun": Text("Sun"),
}
_TOKEN: Final = re.compile(r"(?P<word>[^\W\d_]+)|(?P<clock>\d{1,2}(?:[.:]\d{2})?)(?!\d)|(?P<dash>-)|[\s,;.&+/]+")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_UNTIL: Final = frozenset({"till", "til", "until"})
_SKIPPED: Final = frozenset(
    {"klo", "kello", "kl", "klockan", "at", "from", "ja", "sekä", "och", "samt", "and", "på", "on"}
)


def weekly(weekday: Weekday, start: str, end: str) -> Visit:
    """A visit that comes every week."""
    return Visit(weekday, start, end, TIMES_A_MONTH)


def visit_text(visit: Visit) -> Text:
    """A visit as people write it: "Tue 16.00–19.00"."""
    return Text(
        "{weekday} {start}–{end}",
        {"weekday": WEEKDAY_NAMES[visit.weekday], "start": _clock(visit.start), "end": _clock(visit.end)},
    )


def example() -> Text:
    """How visits are written."""
    visits = weekly("tue", "16:00", "19:00"), weekly("sat", "10:00", "14:00")
    return Text("{first}, {second}", {"first": visit_text(visits[0]), "second": visit_text(visits[1])})


def parse_week(typed: str, field: str = "visits") -> tuple[Visit, ...]:
    """The weekly visits a person typed, with weekdays in Finnish, Swedish or English.

    Several days may share a time ("Mon–Fri 9–12", "Mon and Wed 9–12"), a day may have several times.

    >>> [(visit.weekday, visit.start, visit.end) for visit in parse_week("ti 16-19, la klo 10–14.30")]
    [('tue', '16:00', '19:00'), ('sat', '10:00', '14:30')]

    Raises InvalidInput, saying what is expected.
    """
    days: list[Weekday] = []
    clocks: list[str] = []
    visits: list[Visit] = []
    days_are_used = awaits_end = False
    try:
        for kind, token in _tokens(typed):
            if kind == "day":
                day = cast(Weekday, token)
                if awaits_end and days and not clocks:
                    days += _days_after(days[-1], day)
                    awaits_end = False
                    continue
                if clocks or awaits_end:
                    raise ValueError
                days, days_are_used = ([day], False) if days_are_used else ([*days, day], False)
            elif kind == "dash":
                if awaits_end or not days or (days_are_used and not clocks):
                    raise ValueError
                awaits_end = True
            elif not clocks:
                if awaits_end or not days:
                    raise ValueError
                clocks = [_hour_and_minute(token)]
            else:
                if not awaits_end:
                    raise ValueError
                visits += [weekly(day, _start(clocks[0]), _hour_and_minute(token)) for day in days]
                clocks, awaits_end, days_are_used = [], False, True
        if clocks or awaits_end or not days_are_used or len(visits) > MOST_WEEKLY_VISITS:
            raise ValueError
    except ValueError:
        allowed = Text("weekdays and times, such as {visits}", {"visits": example()})
        raise InvalidInput(field, typed, allowed) from None
    return tuple(visits)


def weekday_names(language: Language) -> dict[Weekday, str]:
    """Whole names of the days, for a list to choose from."""
    names = get_day_names("wide", "stand-alone", LOCALES[language])
    return {day: names[number].capitalize() for number, day in enumerate(WEEKDAYS)}


class Piece(Struct, frozen=True):
    """A part of a visit within one day and one time band: minutes since midnight, the end not included."""

    weekday: Weekday
    start: int
    end: int
    band: Band


def pieces_of_week(visits: Sequence[Visit], bands: Mapping[Band, BandRule]) -> list[Piece]:
    """The visits of a week cut at midnight and where a time band changes, for a picture of the week."""
    pieces = [
        Piece(day, max(start, minute_of_day(times.start)), min(end, minute_of_day(times.end)), band)
        for visit in visits
        for day, start, end in _days_of(visit)
        for band, rule in bands.items()
        for times in rule.times
        if day in times.days
    ]
    pieces = [piece for piece in pieces if piece.start < piece.end]
    return sorted(pieces, key=lambda piece: (WEEKDAYS.index(piece.weekday), piece.start))


def _days_of(visit: Visit) -> list[tuple[Weekday, int, int]]:
    start, end = minute_of_day(visit.start), minute_of_day(visit.end)
    if end > start:
        return [(visit.weekday, start, end)]
    next_day = WEEKDAYS[(WEEKDAYS.index(visit.weekday) + 1) % len(WEEKDAYS)]
    return [(visit.weekday, start, MINUTES_A_DAY), (next_day, 0, end)]


def _tokens(typed: str) -> list[tuple[str, str]]:
    """Kind (day, dash or clock) and value of each part; raises ValueError for anything else."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", typed)).lower().strip()
    tokens: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError
        position = match.end()
        match match.lastgroup:
            case "word":
                word = match["word"]
                kinds = [kind for kind, _ in tokens[-2:]]
                # "to" is Thursday in Finnish and Swedish, but not between two times: "Tue 16 to 19".
                awaits_end = kinds[-1:] == ["clock"] and kinds != ["dash", "clock"] and _before_clock(text, position)
                if word in _UNTIL or (word == "to" and awaits_end):
                    tokens.append(("dash", "-"))
                elif (word == "on" and not _before_clock(text, position)) or word in _SKIPPED - {"on"}:
                    continue
                else:
                    tokens.append(("day", _weekday(word)))
            case "clock" | "dash" as kind:
                tokens.append((kind, match[0]))
    return tokens


def _before_clock(text: str, position: int) -> bool:
    return bool(re.match(r"\s*\d", text[position:])) or bool(re.match(r"\s*(?:kl|klo)\b", text[position:]))


def _weekday(word: str) -> Weekday:
    """The day a word means: a name in one of the languages, its beginning, or a name with an ending."""
    plain = _without_marks(word)
    for name, day in _day_words():
        if (len(plain) >= 2 and name.startswith(plain)) or plain.startswith(name):
            return day
    raise ValueError(word)


@lru_cache(maxsize=1)
def _day_words() -> list[tuple[str, Weekday]]:
    """Whole names in every language; their first two letters never clash between the languages."""
    return [
        (_without_marks(names[number].lower()), day)
        for language in LANGUAGES
        for names in [get_day_names("wide", "stand-alone", LOCALES[language])]
        for number, day in enumerate(WEEKDAYS)
    ]


def _without_marks(word: str) -> str:
    """Without dots and rings, for those whose keyboard has none."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))


def _days_after(first: Weekday, last: Weekday) -> list[Weekday]:
    """The days from the one after `first` to `last`, over the weekend when need be."""
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    return [WEEKDAYS[(start + step) % 7] for step in range(1, (end - start) % 7 + 1)]


def _hour_and_minute(token: str) -> str:
    hour, _, minute = token.replace(".", ":").partition(":")
    clock = f"{int(hour):02}:{minute or '00'}"
    minute_of_day(clock)
    return clock


def _start(clock: str) -> str:
    """A visit starts at 00:00 rather than at 24:00."""
    return "00:00" if clock == "24:00" else clock


def _clock(clock: str) -> time | str:
    hour, minute = divmod(minute_of_day(clock), 60)
    return clock.replace(":", ".") if hour == 24 else time(hour, minute)
