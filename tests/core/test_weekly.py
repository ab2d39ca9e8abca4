"""Visits of a week as people type them, and cut for a picture of the week."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.fees import KESKI_SUOMI
from core.localisation import LANGUAGES, Language, render
from core.outlook import rules_on
from core.ruleset import WEEKDAYS, Weekday
from core.typed import parse_day, parse_hours
from core.visits import Visit, monthly_hours, split
from core.weekly import MOST_WEEKLY_VISITS, TIMES_A_MONTH, parse_week, pieces_of_week, visit_text, weekly

BANDS = rules_on(KESKI_SUOMI, date(2025, 3, 1)).bands.value
VISITS = st.builds(
    lambda day, start, length: weekly(day, _clock(start), _clock((start + length - 1) % 1440 + 1)),
    st.sampled_from(WEEKDAYS),
    st.integers(0, 1439),
    st.integers(1, 1440),
)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _shown(visits: tuple[Visit, ...]) -> list[str]:
    return [f"{visit.weekday} {visit.start}-{visit.end}" for visit in visits]


@pytest.mark.parametrize(
    ("typed", "visits"),
    [
        ("ti 16-19, la 10-14", ["tue 16:00-19:00", "sat 10:00-14:00"]),
        ("Tue 16–19, Sat 10–14", ["tue 16:00-19:00", "sat 10:00-14:00"]),
        ("tis 16.00–19.00 och lör kl. 10–14", ["tue 16:00-19:00", "sat 10:00-14:00"]),
        ("tiistaisin klo 16.30–19 ja lauantaisin kello 22-02", ["tue 16:30-19:00", "sat 22:00-02:00"]),
        ("ma–ke 9–12", ["mon 09:00-12:00", "tue 09:00-12:00", "wed 09:00-12:00"]),
        ("fre-mån 9-12", [f"{day} 09:00-12:00" for day in ("fri", "sat", "sun", "mon")]),
        ("ma ja ke 9-12", ["mon 09:00-12:00", "wed 09:00-12:00"]),
        ("ti 8-10 ja 16-19", ["tue 08:00-10:00", "tue 16:00-19:00"]),
        ("on kl 9-12", ["wed 09:00-12:00"]),
        ("to 9-12", ["thu 09:00-12:00"]),
        ("Tue 16 to 19", ["tue 16:00-19:00"]),
        ("ti 16-19, to 16-19", ["tue 16:00-19:00", "thu 16:00-19:00"]),
        ("tisdagar 16 till 19", ["tue 16:00-19:00"]),
        ("lor 10-14", ["sat 10:00-14:00"]),
        ("su 20:00-24:00", ["sun 20:00-24:00"]),
        ("su 24-02", ["sun 00:00-02:00"]),
        ("ti\n16-19.", ["tue 16:00-19:00"]),
    ],
)
def test_typed_visits(typed: str, visits: list[str]) -> None:
    assert _shown(parse_week(typed)) == visits


@pytest.mark.parametrize(
    "typed",
    ["", "ti", "16-19", "ti 16", "ti 16-", "ti 16-25", "foo 16-19", "ti 16-19 -", "ti 16-19-20", "t 9-12", "ti 16 19"]
    + [
        "ti-16-19",
        "ti 16-19, la",
        "ti 16:70-19",
        "ti - - ke 9-10",
        "ti 160-190",
        "-ti 9-10",
        "ti 16,30-19",
        "ti (9-10)",
    ]
    + ["ma-su 8-9 10-11 12-13 14-15 16-17"],
)
def test_other_text_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_week(typed)
    assert "Tue 16.00–19.00" in render(refused.value.allowed, "en")


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40)
@given(visits=st.lists(VISITS, min_size=1, max_size=MOST_WEEKLY_VISITS))
def test_what_is_shown_is_understood_again(language: Language, visits: list[Visit]) -> None:
    shown = ", ".join(render(visit_text(visit), language) for visit in visits)
    assert parse_week(shown) == tuple(visits)


@given(text=st.text(max_size=40))
def test_any_text_gives_visits_or_a_clear_refusal(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        assert parse_week(text)


def test_a_weekly_visit_comes_52_times_in_12_months() -> None:
    assert TIMES_A_MONTH * 12 == 52
    hours = monthly_hours([weekly("tue", "16:00", "19:00")], BANDS)
    assert {band: round(number, 4) for band, number in hours.items()} == {
        "weekday_day": Decimal("8.6667"),
        "weekday_evening": Decimal("4.3333"),
    }


@given(visit=VISITS)
def test_pieces_of_the_picture_are_the_minutes_of_the_bands(visit: Visit) -> None:
    pieces = pieces_of_week([visit], BANDS)
    by_band: dict[str, int] = {}
    for piece in pieces:
        by_band[piece.band] = by_band.get(piece.band, 0) + piece.end - piece.start
    assert by_band == split(visit, BANDS)


def test_a_visit_over_midnight_is_drawn_on_both_days() -> None:
    days: list[Weekday] = [piece.weekday for piece in pieces_of_week([weekly("sun", "22:00", "01:00")], BANDS)]
    assert days == ["mon", "sun"]


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("12", "12"), ("12,5", "12.5"), ("12.25 h", "12.25"), ("0", "0"), ("744 tuntia", "744"), (" 8 tim. ", "8")],
)
def test_typed_hours(typed: str, hours: str) -> None:
    assert parse_hours(typed) == Decimal(hours)


@pytest.mark.parametrize("typed", ["", "-1", "12,3", "745", "1e2", "1 2", "twelve", "١٢"])
def test_other_hours_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_hours(typed)


@pytest.mark.parametrize("typed", ["1.3.2025", "01.03.2025", "1. 3. 2025", "2025-03-01", " 1.3.2025 "])
def test_typed_dates(typed: str) -> None:
    assert parse_day(typed) == date(2025, 3, 1)


@pytest.mark.parametrize("typed", ["", "30.2.2025", "3/1/2025", "1.3.25", "2025-13-01", "2025-3-1", "tomorrow"])
def test_other_dates_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_day(typed)
