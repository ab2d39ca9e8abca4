"""The parts of a link that hold a whole case: weekly visits and a provider's price."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from core.handoff import Handoff, from_query, to_query
from core.weekly import MOST_WEEKLY_VISITS, weekly

WEEK = (weekly("tue", "16:00", "19:00"), weekly("sat", "22:30", "02:00"))
PRICES = {"weekday_day": Decimal("36.50"), "sunday": Decimal("70")}


def test_a_case_is_readable_in_the_link() -> None:
    query = to_query(Handoff(household_size=4, visits=WEEK, provider_price=PRICES))
    assert query == "v=1&size=4&visits=tue.16:00-19:00,sat.22:30-02:00&price=36.5&price.sunday=70"


def test_a_case_comes_back_from_its_link() -> None:
    sent = Handoff(household_size=4, visits=WEEK, provider_price=PRICES)
    assert from_query(dict(parse_qsl(to_query(sent)))) == (sent, [])


@pytest.mark.parametrize(
    "visits",
    [
        "",
        "tue",
        "tue.16-19",
        "tue.16:00-25:00",
        "tue.24:00-02:00",
        "tyy.16:00-19:00",
        "tue.16:00-19:00,",
        "tue.16:60-19:00",
    ]
    + [",".join(["tue.16:00-19:00"] * (MOST_WEEKLY_VISITS + 1))],
)
def test_broken_visits_are_left_out_with_a_note(visits: str) -> None:
    handoff, notes = from_query({"v": "1", "size": "4", "visits": visits})
    assert handoff == Handoff(household_size=4)
    assert len(notes) == 1


@pytest.mark.parametrize("price", ["", "-1", "36,50", "1e3", "NaN", "99999", "36.555", "٣"])
def test_a_broken_price_is_left_out_with_a_note(price: str) -> None:
    handoff, notes = from_query({"v": "1", "price": price, "price.night": "50"})
    assert handoff == Handoff(provider_price={"night": Decimal("50")})
    assert len(notes) == 1
