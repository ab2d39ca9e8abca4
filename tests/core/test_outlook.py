"""Who pays what, month by month, what would change it, and the rights."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.fees import Case, estimate
from core.localisation import Text, render
from core.outlook import authorities_on, is_large, months, next_rules_from, who_pays
from core.rights import rights
from core.ruleset import BANDS, rule_book
from core.whatif import by_hours, by_income

FAMILY = Case(date(2025, 3, 1), 4, {"weekday_day": Decimal(12)}, Decimal(3000))
EUROS = st.decimals(0, 200, places=2)
CASES = st.builds(
    Case,
    on=st.just(date(2025, 3, 1)),
    household_size=st.integers(1, 9),
    hours=st.dictionaries(st.sampled_from(BANDS), st.integers(1, 80).map(lambda n: Decimal(n) / 4), min_size=1),
    monthly_income=st.none() | st.decimals(0, 9000, places=2),
    provider_price=st.dictionaries(st.sampled_from(BANDS), EUROS),
)


@given(case=CASES)
def test_the_parts_of_the_price_sum_to_the_cent(case: Case) -> None:
    for period in estimate(case).periods:
        payers = who_pays(case, period)
        assert payers.county + payers.family + payers.above_maximum == payers.price
        assert payers.family + payers.above_maximum == period.copayment_total
        assert min(payers.county, payers.family, payers.above_maximum) >= 0


def test_the_price_above_the_maximum_stands_apart() -> None:
    case = replace(FAMILY, provider_price={"weekday_day": Decimal("40")})
    first, later = estimate(case).periods
    assert (who_pays(case, first).family, who_pays(case, first).above_maximum) == (Decimal("132.00"), Decimal("48.00"))
    assert (who_pays(case, later).family, who_pays(case, later).above_maximum) == (Decimal("92.64"), Decimal("48.00"))


def test_six_months_one_by_one() -> None:
    shown = months(estimate(FAMILY))
    assert [str(month.copayment) for month in shown] == ["132.00", "132.00", "92.64", "92.64", "92.64", "92.64"]
    assert shown[-1].copayment_so_far == Decimal("634.56")


def test_the_months_end_with_the_service() -> None:
    jamsa = replace(FAMILY, on=date(2022, 3, 1), authority="jamsa")
    assert [month.number for month in months(estimate(jamsa))] == [1, 2, 3]


@pytest.mark.parametrize(
    ("on", "change"),
    [
        (date(2025, 6, 1), None),
        (date(2025, 7, 1), None),
        (date(2025, 8, 1), date(2026, 1, 1)),
        (date(2025, 12, 31), date(2026, 1, 1)),
        (date(2027, 12, 1), date(2028, 1, 1)),
    ],
)
def test_other_rules_on_the_way_are_named(on: date, change: date | None) -> None:
    assert next_rules_from(replace(FAMILY, on=on)) == change


def test_authorities_by_date() -> None:
    assert authorities_on(date(2022, 3, 1)) == ["jamsa"]
    assert authorities_on(date(2023, 3, 1)) == []
    assert authorities_on(date(2025, 3, 1)) == ["keski-suomi"]


def test_a_large_payment_beside_the_income() -> None:
    first = estimate(FAMILY).periods[0]  # 132 euros
    assert not is_large(first, Decimal(2640))
    assert is_large(first, Decimal("2639.99"))
    assert not is_large(first, None)


def test_the_income_curve_shows_the_step_and_the_family() -> None:
    points = {point.at: point for point in by_income(FAMILY)}
    assert points[Decimal("2338")].first == 0
    assert points[Decimal("2338.01")].first == Decimal("132.00")
    assert [point.at for point in points.values() if point.is_own] == [Decimal("3000")]
    assert points[Decimal("3000")].later == Decimal("92.64")


@settings(max_examples=30)
@given(case=CASES)
def test_every_point_of_a_curve_is_the_estimate_there(case: Case) -> None:
    points = by_income(case)
    for point in (points[0], points[len(points) // 2], points[-1]):
        first, later = estimate(replace(case, monthly_income=point.at)).periods
        assert (point.first, point.later) == (first.copayment_total, later.copayment_total)
    assert [point.at for point in points] == sorted({point.at for point in points})
    assert all(low.first <= high.first for low, high in pairwise(points))


@settings(max_examples=30)
@given(case=CASES)
def test_the_income_curve_is_straight_between_its_points(case: Case) -> None:
    points = [point for point in by_income(replace(case, provider_price={})) if point.later is not None]
    hours = sum(case.hours.values())
    for low, high in pairwise(points):
        middle = ((low.at + high.at) / 2).quantize(Decimal("0.01"))
        later = estimate(replace(case, provider_price={}, monthly_income=middle)).periods[1].copayment_total
        assert abs(later - (low.later + high.later) / 2) <= hours / 50 + Decimal("0.02")  # a cent an hour and band


def test_the_hours_curve_marks_the_family() -> None:
    points = by_hours(replace(FAMILY, hours={"weekday_day": Decimal("8.6667"), "sunday": Decimal("4")}))
    own = [point for point in points if point.is_own]
    assert [point.at for point in own] == [Decimal("12.6667")]
    assert [point.at for point in points if not point.is_own] == [Decimal(number) for number in range(1, 41)]


@pytest.mark.parametrize("income", ["0", "24999.99", "9999999.99"])
@pytest.mark.parametrize("hours", ["0.25", "40.5", "744"])
def test_curves_stay_short_and_reach_past_the_family(income: str, hours: str) -> None:
    case = replace(FAMILY, monthly_income=Decimal(income), hours={"night": Decimal(hours)})
    over_income, over_hours = by_income(case), by_hours(case)
    assert over_income[-1].at > Decimal(income)
    assert over_hours[-1].at >= Decimal(hours)
    assert max(len(over_income), len(over_hours)) <= 80


def test_in_flat_rules_income_has_no_curve() -> None:
    jamsa = replace(FAMILY, on=date(2022, 3, 1), authority="jamsa")
    assert by_income(jamsa) == []
    assert all(point.later is None for point in by_hours(jamsa))


def test_rights_name_sources_that_exist() -> None:
    known = rights(date(2025, 3, 1))
    assert {right.source for right in known} <= set(rule_book().sources)
    review = next(right for right in known if right.key == "review")
    assert "30" in render(review.text, "en")
    assert all(isinstance(right.text, Text) for right in known)
