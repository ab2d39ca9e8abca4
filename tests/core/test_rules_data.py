"""The rule data against a second, independent copy of the sources' tables. Lists all offenders at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.errors import InvalidInput, NoRulesForDate
from core.fees import full_share, income_limit, payment_percentage
from core.rule_check import check
from core.ruleset import BANDS, STATUSES, WEEKDAYS, Validity, facts_of, period_for, periods_of, rule_book
from core.visits import Visit, split

LIMITS = {  # first and last day: status, euros a month for 1–6 persons, each further person
    ("2022-01-01", "2023-12-31"): ("confirmed", [598, 1103, 1731, 2140, 2591, 2976], 356),
    ("2024-01-01", "2025-12-31"): ("confirmed", [653, 1205, 1891, 2338, 2830, 3251], 389),
    ("2026-01-01", "2027-12-31"): ("derived", [699, 1290, 2025, 2503, 3030, 3481], 416),
}
VOUCHERS = """
weekday_day      25.00  36.00  1.00
weekday_evening  28.75  41.40  1.15
saturday_day     31.25  45.00  1.25
night            32.50  46.80  1.30
sunday           50.00  72.00  2.00
"""
# Hours a month and the percentages for 1, 2, 3, 4, 5 and 6 or more persons.
PERCENTAGES = """
 4   8    7     6    6    6    6
 5  10    8.75  7.5  7.5  7.5  7.5
 6  12   10.5   9    9    9    9
 7  14   12.25 10.5 10.5 10.5 10.5
 8  16   14    12   12   12   12
 9  17   14.75 12.5 12.5 12.5 12
10  18   15.5  13   13   13   12
11  19   16.25 13.5 13.5 13.5 12
12  20   17    14   14   14   12
13  21   17.75 14.5 14.5 14   12
14  22   18.5  15   15   14   12
15  23   19.25 15.5 15.5 14   12
16  24   20    16   16   14   12
17  24.5 20.5  16.5 16   14   12
18  25   21    17   16   14   12
19  25.5 21.5  17.5 16   14   12
20  26   22    18   16   14   12
21  26.5 22.5  18.5 16   14   12
22  27   23    19   16   14   12
23  27.5 23.5  19   16   14   12
24  28   24    19   16   14   12
25  28.5 24    19   16   14   12
26  29   24    19   16   14   12
27  29.5 24    19   16   14   12
28  30   24    19   16   14   12
29  30.5 24    19   16   14   12
30  31   24    19   16   14   12
31  31.5 24    19   16   14   12
32  32   24    19   16   14   12
33  32.5 24    19   16   14   12
34  33   24    19   16   14   12
35  33.5 24    19   16   14   12
36  34   24    19   16   14   12
37  34.5 24    19   16   14   12
38  35   24    19   16   14   12
"""
# The band of every hour of the week, one letter an hour from 0 to 24: n night, d weekday_day, e weekday_evening,
# s saturday_day, S sunday.
WEEK = {
    **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "nnnnnnddddddddddddeeennn"),
    "sat": "nnnnnnssssssssssssssSSSS",
    "sun": "SSSSSSSSSSSSSSSSSSSSSSSS",
}
LETTERS = {"n": "night", "d": "weekday_day", "e": "weekday_evening", "s": "saturday_day", "S": "sunday"}
GROUNDS = [
    "exhaustion",
    "parent_illness_or_disability",
    "pregnancy_or_birth",
    "multiple_birth",
    "child_disability_or_special_care",
    "separation",
    "bereavement",
    "life_change_or_crisis",
    "no_support_network",
]
DISCRETIONARY = ["therapy_or_hospital_visits", "everyday_management"]
EXCLUSIONS = [
    "cleaning_only",
    "parent_work_or_study",
    "parent_hobby",
    "parent_own_time",
    "personal_assistant",
    "sudden_child_illness",
    "schoolchild_care",
    "daycare_replacement",
    "errands",
]

BOOK = rule_book()
KESKI_SUOMI = BOOK.home_service["keski-suomi"]


def table(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def test_the_project_has_no_faulty_rules() -> None:
    assert check() == []


def test_authorities_and_their_days() -> None:
    def days(periods: list) -> list[tuple[str, str | None]]:
        return [(str(p.valid.start), p.valid.end and str(p.valid.end)) for p in periods]

    assert days(BOOK.national) == list(LIMITS)
    assert days(KESKI_SUOMI) == [("2024-01-01", "2025-12-31"), ("2026-01-01", "2027-12-31")]
    assert {name: days(periods)[-1][1] for name, periods in BOOK.home_service.items()} == {
        "keski-suomi": "2027-12-31",
        "jamsa": "2022-12-31",
    }


@pytest.mark.parametrize(("days", "row"), LIMITS.items(), ids=str)
def test_income_limits(days: tuple[str, str], row: tuple[str, list[int], int]) -> None:
    status, persons, each_further = row
    for day in days:
        fact = period_for(BOOK.national, "national rules", date.fromisoformat(day)).income_limits
        assert fact.status == status
        assert [income_limit(fact.value, size) for size in range(1, 7)] == persons
        assert [income_limit(fact.value, size) for size in (7, 8, 30)] == [
            persons[-1] + further * each_further for further in (1, 2, 24)
        ]


@pytest.mark.parametrize("national", BOOK.national, ids=lambda national: str(national.valid.start))
def test_every_percentage(national) -> None:  # type: ignore[no-untyped-def]
    rows = {int(row[0]): [Decimal(cell) for cell in row[1:]] for row in table(PERCENTAGES)}
    assert {hours: list(row) for hours, row in national.percentages.value.items()} == rows
    assert sorted(rows) == list(range(4, 39))
    for hours, row in rows.items():
        sizes = [*enumerate(row, start=1), (7, row[-1]), (30, row[-1])]
        for size, percentage in sizes:
            assert payment_percentage(rows, Decimal(hours), size) == percentage
            assert payment_percentage(rows, Decimal(hours) + Decimal("0.25"), size) == percentage
            if hours > 4:
                assert payment_percentage(rows, Decimal(hours) - Decimal("0.5"), size) == percentage


@pytest.mark.parametrize("home", KESKI_SUOMI, ids=lambda home: str(home.valid.start))
def test_voucher_values_and_the_weeks_bands(home) -> None:  # type: ignore[no-untyped-def]
    bands = home.bands.value
    stated = [
        [name, f"{band.minimum:.2f}", f"{band.maximum:.2f}", f"{band.multiple:.2f}"] for name, band in bands.items()
    ]
    assert stated == table(VOUCHERS)
    assert list(bands) == list(BANDS)
    assert full_share(bands["weekday_day"]) == home.own_service_price.value == 11
    offenders = []
    for day in WEEKDAYS:
        for hour, letter in enumerate(WEEK[day]):
            visit = Visit(day, f"{hour:02}:00", f"{hour + 1:02}:00", Decimal(1))
            if split(visit, bands) != {LETTERS[letter]: 60}:
                offenders.append((day, hour, split(visit, bands), LETTERS[letter]))
    assert offenders == []


def test_what_is_not_confirmed_says_so() -> None:
    first, second = KESKI_SUOMI
    assert {name: fact.status for name, fact in facts_of(first) if fact.status != "confirmed"} == {
        "own_service_other_bands": "derived"
    }
    assert {fact.status for _, fact in facts_of(second)} == {"assumed"}
    assert {name for name, fact in facts_of(BOOK.national[2]) if fact.status == "confirmed"} == set()
    for national in BOOK.national[:2]:
        assert {fact.status for _, fact in facts_of(national)} == {"confirmed"}


def test_months_and_jamsa() -> None:
    assert [(home.initial_months.value, home.review_months.value) for home in KESKI_SUOMI] == [(2, 2), (2, 2)]
    (jamsa,) = BOOK.home_service["jamsa"]
    assert jamsa.scheme.value == "flat"
    assert {(band.minimum, band.maximum) for band in jamsa.bands.value.values()} == {(25, 25)}
    assert jamsa.maximum_months.value == 3


def test_situations_and_their_effects() -> None:
    expected = {
        **dict.fromkeys(GROUNDS, "ground"),
        **dict.fromkeys(DISCRETIONARY, "discretionary"),
        **dict.fromkeys(EXCLUSIONS, "exclusion"),
    }
    for home in KESKI_SUOMI:
        assert {name: rule.effect for name, rule in home.situations.value.items()} == expected
    jamsa = BOOK.home_service["jamsa"][0].situations.value
    assert {name: rule.effect for name, rule in jamsa.items()}.items() <= expected.items()


def test_informal_care() -> None:
    care = period_for(BOOK.informal_care["keski-suomi"], "keski-suomi", date(2026, 11, 22))
    assert care.leave_voucher.value == {1: 200, 2: 300, 3: 300}
    assert (care.fee_deduction.value, care.maximum_voucher.value, care.leave_days.value) == (50, 500, 3)
    assert "confirmed" not in {fact.status for _, fact in facts_of(care)}


def test_contacts_invent_nothing() -> None:
    contacts = period_for(BOOK.contacts["keski-suomi"], "keski-suomi", date(2026, 11, 22))
    assert contacts.emergency_number.value == "112"
    assert contacts.social_emergency_number.value == "014 266 0149"
    assert contacts.coordinators.value == ()
    hours = contacts.coordinator_hours.value
    assert (hours.days, hours.start, hours.end) == (("mon", "tue", "wed", "thu"), "08:00", "14:00")
    assert contacts.call_back_working_days.value == 3
    assert contacts.coordinator_areas.value == 4
    assert len(set(contacts.municipalities.value)) == 22
    assert set(contacts.online_municipalities.value) == {
        "Jyväskylä", "Laukaa", "Jämsä", "Petäjävesi", "Hankasalmi", "Muurame",
    }  # fmt: skip
    assert contacts.provider_register.value == "https://palse.fi"


def test_every_fact_has_unit_source_status_and_a_day_it_was_checked() -> None:
    groups = [BOOK.national, *BOOK.home_service.values(), *BOOK.informal_care.values(), *BOOK.contacts.values()]
    offenders = [
        (str(period.valid.start), name)
        for periods in groups
        for period in periods
        for name, fact in facts_of(period)
        if not (
            fact.unit
            and fact.status in STATUSES
            and BOOK.sources[fact.source.id].title.strip()
            and fact.source.section.strip()
            and fact.checked >= date(2026, 1, 1)
        )
    ]
    assert offenders == []


def test_a_day_without_rules_is_refused_naming_the_periods() -> None:
    for authority, day in (("keski-suomi", "2023-12-31"), ("keski-suomi", "2028-01-01"), ("jamsa", "2023-01-01")):
        with pytest.raises(NoRulesForDate, match=authority):
            period_for(periods_of(BOOK.home_service, authority), authority, date.fromisoformat(day))
    with pytest.raises(InvalidInput, match="jamsa and keski-suomi"):
        periods_of(BOOK.home_service, "tampere")


def test_validity_holds_on_its_first_and_last_day() -> None:
    year = Validity(date(2024, 1, 1), date(2024, 12, 31))
    assert [day in year for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert date(9999, 1, 1) in Validity(date(2024, 1, 1))
