"""Which incomes count, what is deducted, and what a month comes to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.errors import InvalidInput, NoRulesForDate
from core.income import IncomeItem, family_income, household_size, monthly_amount
from core.ruleset import rule_book

ON = date(2025, 3, 1)
COUNTED = [
    "wages",
    "business_and_capital_income",
    "daily_allowances",
    "child_home_care_allowance",
    "study_grant",
    "pensions",
    "child_maintenance_received",
]
NOT_COUNTED = [
    "child_benefit",
    "disability_allowance",
    "housing_allowance",
    "social_assistance",
    "maternity_grant",
    "conscripts_allowance",
    "expense_compensation",
]
DEDUCTED = ["child_maintenance_paid", "costs_of_earning"]


def item(kind: str, *amounts: str, per: str = "month") -> IncomeItem:
    return IncomeItem(kind, tuple(Decimal(amount) for amount in amounts), per)  # type: ignore[arg-type]


def test_every_kind_of_income_has_its_effect_in_every_period() -> None:
    expected = {
        **dict.fromkeys(COUNTED, "counted"),
        **dict.fromkeys(NOT_COUNTED, "not_counted"),
        **dict.fromkeys(DEDUCTED, "deducted"),
    }
    for national in rule_book().national:
        assert {name: kind.effect for name, kind in national.income_kinds.value.items()} == expected


@pytest.mark.parametrize("kind", COUNTED)
def test_counted_income_is_added(kind: str) -> None:
    income = family_income([item("wages", "1000"), item(kind, "250.50")], ON)
    assert income is not None
    assert income.monthly == Decimal("1250.50")
    assert income.rows[1].effect == "counted"


@pytest.mark.parametrize("kind", NOT_COUNTED)
def test_income_that_does_not_count_is_shown_and_left_out(kind: str) -> None:
    income = family_income([item("wages", "1000"), item(kind, "250.50")], ON)
    assert income is not None
    assert income.monthly == Decimal("1000.00")
    assert (income.rows[1].effect, income.rows[1].monthly) == ("not_counted", Decimal("250.50"))


@pytest.mark.parametrize("kind", DEDUCTED)
def test_deductions_are_taken_off_but_never_below_zero(kind: str) -> None:
    income = family_income([item("wages", "1000"), item(kind, "250.50")], ON)
    assert income is not None
    assert income.monthly == Decimal("749.50")
    below = family_income([item("wages", "100"), item(kind, "250.50")], ON)
    assert below is not None
    assert below.monthly == 0


def test_a_whole_family() -> None:
    income = family_income(
        [
            item("wages", "36000", per="year"),
            item("daily_allowances", "800", "900", "1000"),
            item("child_benefit", "94.88"),
            item("child_maintenance_paid", "200"),
            item("costs_of_earning", "750", per="year"),
        ],
        ON,
    )
    assert income is not None
    assert [row.monthly for row in income.rows] == [
        Decimal("3000.00"), Decimal("900.00"), Decimal("94.88"), Decimal("200.00"), Decimal("62.50"),
    ]  # fmt: skip
    assert income.monthly == Decimal("3637.50")
    assert income.source.section.strip()


def test_nothing_given_is_unknown_and_never_zero() -> None:
    assert family_income([], ON) is None
    zero = family_income([item("wages", "0")], ON)
    assert zero is not None
    assert zero.monthly == 0


@pytest.mark.parametrize(
    ("given", "monthly"),
    [
        (item("wages", "2500"), "2500.00"),
        (item("wages", "100", per="year"), "8.33"),
        (item("wages", "30000", per="year"), "2500.00"),
        (item("wages", "1000", "1000", "1001"), "1000.33"),
        (item("wages", "0", "0.01"), "0.01"),  # half a cent is rounded up
        (item("wages", *["100"] * 11, "1300"), "200.00"),
        (item("wages", "24000", "36000", per="year"), "2500.00"),
    ],
)
def test_monthly_amount(given: IncomeItem, monthly: str) -> None:
    assert str(monthly_amount(given)) == monthly


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        (item("lottery", "1"), "kind", "wages"),
        (item("wages", "-0.01"), "wages", "0,00"),
        (item("wages", *["1"] * 13), "wages", "12"),
        (item("wages"), "wages", "at least one"),
    ],
)
def test_what_is_not_allowed_is_named(given: IncomeItem, field: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as caught:
        family_income([given], ON)
    assert caught.value.field == field


def test_a_day_without_national_rules_is_refused() -> None:
    for day in (date(2021, 12, 31), date(2028, 1, 1)):
        with pytest.raises(NoRulesForDate):
            family_income([item("wages", "1")], day)


def test_household_size() -> None:
    assert [household_size(*family) for family in ((1, 0), (1, 1), (2, 0), (2, 2), (1, 29), (2, 28))] == [
        1,
        2,
        2,
        4,
        30,
        30,
    ]


@pytest.mark.parametrize(("adults", "children", "field"), [
    (0, 2, "adults"), (3, 1, "adults"), (1, -1, "minor_children"), (1, 30, "minor_children"), (2, 29, "minor_children"),
])  # fmt: skip
def test_household_size_names_what_is_not_allowed(adults: int, children: int, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        household_size(adults, children)
    assert caught.value.field == field
