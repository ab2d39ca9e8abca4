"""The link between assistant and estimator: readable, versioned, never with income, never an exception."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.handoff import Handoff, from_query, to_query
from core.localisation import LANGUAGES, render
from core.ruleset import BANDS, WEEKDAYS
from core.weekly import weekly

quarters = st.integers(1, 4 * 140).map(lambda number: Decimal(number) / 4)
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
handoffs = st.builds(
    Handoff,
    language=st.sampled_from(LANGUAGES) | st.none(),
    household_size=st.integers(1, 30) | st.none(),
    hours=st.dictionaries(st.sampled_from(BANDS), quarters),
    month=st.integers(1, 120) | st.none(),
    on=st.dates() | st.none(),
    visits=st.lists(st.builds(weekly, st.sampled_from(WEEKDAYS), clocks, clocks | st.just("24:00")), max_size=28).map(
        tuple
    ),
    provider_price=st.dictionaries(
        st.sampled_from(BANDS), st.integers(0, 999_999).map(lambda cents: Decimal(cents) / 100)
    ),
)


def read(query: str) -> tuple[Handoff, list[str]]:
    handoff, notes = from_query(dict(parse_qsl(query, keep_blank_values=True)))
    return handoff, [render(note, "en") for note in notes]


@given(handoffs)
def test_round_trip(handoff: Handoff) -> None:
    assert read(to_query(handoff)) == (handoff, [])


def test_the_link_is_readable() -> None:
    assert to_query(Handoff()) == "v=1"
    assert to_query(Handoff("sv", 4, {"weekday_day": Decimal("12.00")})) == "v=1&lang=sv&size=4&hours=12"
    whole = Handoff("fi", 5, {"sunday": Decimal("1.50"), "weekday_day": Decimal(20)}, 3, date(2025, 3, 1))
    assert to_query(Handoff(visits=(weekly("tue", "16:00", "19:00"), weekly("sat", "20:00", "24:00")))) == (
        "v=1&visits=tue.16:00-19:00,sat.20:00-24:00"
    )
    assert to_query(Handoff(provider_price={"weekday_day": Decimal("36.00"), "night": Decimal("50.5")})) == (
        "v=1&price=36&price.night=50.5"
    )
    assert to_query(whole) == "v=1&lang=fi&size=5&hours=20&hours.sunday=1.5&month=3&date=2025-03-01"


def test_income_is_never_in_a_link() -> None:
    assert [field for field in Handoff.__struct_fields__ if "income" in field] == []
    handoff, notes = read("v=1&size=4&income=3000&monthly_income=3000&tulot=3000")
    assert (handoff, notes) == (Handoff(household_size=4), [])
    assert "3000" not in to_query(handoff)


@pytest.mark.parametrize(
    ("query", "expected", "named"),
    [
        ("", Handoff(), []),
        ("size=4", Handoff(household_size=4), []),
        ("v=1&embed=true&utm_source=x", Handoff(), []),
        ("v=2&size=4", Handoff(), ["v"]),
        ("v=&size=4", Handoff(), ["v"]),
        ("lang=de", Handoff(), ["lang"]),
        ("lang=", Handoff(), ["lang"]),
        ("lang=FI&size=4", Handoff(household_size=4), ["lang"]),
        ("size=0", Handoff(), ["size"]),
        ("size=31", Handoff(), ["size"]),
        ("size=-4", Handoff(), ["size"]),
        ("size=4.5", Handoff(), ["size"]),
        ("size=four&hours=12", Handoff(hours={"weekday_day": Decimal(12)}), ["size"]),
        ("size=٤", Handoff(), ["size"]),
        ("size=²", Handoff(), ["size"]),
        ("size=", Handoff(), ["size"]),
        ("size=99999999999999999999", Handoff(), ["size"]),
        ("hours=0", Handoff(), ["hours"]),
        ("hours=12.1", Handoff(), ["hours"]),
        ("hours=12,5", Handoff(), ["hours"]),
        ("hours=-1", Handoff(), ["hours"]),
        ("hours=NaN", Handoff(), ["hours"]),
        ("hours=Infinity", Handoff(), ["hours"]),
        ("hours=1e2", Handoff(), ["hours"]),
        ("hours=1_0", Handoff(), ["hours"]),
        ("hours=٤", Handoff(), ["hours"]),
        ("hours=744", Handoff(hours={"weekday_day": Decimal(744)}), []),
        ("hours=744.25", Handoff(), ["hours"]),
        ("hours=744&hours.night=0.25", Handoff(), ["hours"]),
        ("hours.night=2&hours.sunday=x", Handoff(hours={"night": Decimal(2)}), ["hours.sunday"]),
        ("hours.holiday=2", Handoff(), []),
        ("month=3", Handoff(month=3), []),
        ("month=0", Handoff(), ["month"]),
        ("month=121", Handoff(), ["month"]),
        ("date=2025-03-01", Handoff(on=date(2025, 3, 1)), []),
        ("date=2025-02-29", Handoff(), ["date"]),
        ("date=1.3.2025", Handoff(), ["date"]),
        ("date=20250301", Handoff(), ["date"]),
        ("visits=tue.16:00-19:00", Handoff(visits=(weekly("tue", "16:00", "19:00"),)), []),
        ("visits=", Handoff(), ["visits"]),
        ("visits=tue", Handoff(), ["visits"]),
        ("visits=tue.16-19", Handoff(), ["visits"]),
        ("visits=tue.16:00-19:00,", Handoff(), ["visits"]),
        ("visits=tue.16:60-19:00", Handoff(), ["visits"]),
        ("visits=tue.24:00-02:00", Handoff(), ["visits"]),
        ("visits=tue.23:00-25:00", Handoff(), ["visits"]),
        ("visits=ti.16:00-19:00&size=4", Handoff(household_size=4), ["visits"]),
        ("visits=" + ",".join(["mon.10:00-11:00"] * 29), Handoff(), ["visits"]),
        ("price=36.5", Handoff(provider_price={"weekday_day": Decimal("36.5")}), []),
        ("price=36,5", Handoff(), ["price"]),
        ("price=-1", Handoff(), ["price"]),
        ("price=36.505", Handoff(), ["price"]),
        ("price=10000", Handoff(), ["price"]),
        ("price.night=50&price.sunday=NaN", Handoff(provider_price={"night": Decimal(50)}), ["price.sunday"]),
        ("lang=x&size=x&hours=x&month=x&date=x", Handoff(), ["lang", "hours", "date", "size", "month"]),
    ],
)  # fmt: skip
def test_broken_parts_are_left_out_with_a_note_each(query: str, expected: Handoff, named: list[str]) -> None:
    handoff, notes = read(query)
    assert handoff == expected
    assert sorted(note.split()[3] for note in notes) == sorted(named)


@given(
    st.dictionaries(
        st.sampled_from(["v", "lang", "size", "hours", "hours.sunday", "month", "date", "visits", "price", "income"]),
        st.text(),
    )
)
@example({"hours": "9" * 100_000, "size": "9" * 100_000, "date": "0000-00-00"})
def test_no_link_raises_an_exception(parameters: dict[str, str]) -> None:
    handoff, _ = from_query(parameters)
    assert from_query(dict(parse_qsl(to_query(handoff)))) == (handoff, [])
