"""What must hold of the rule data as a whole; every fault is listed in one run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import get_args

from core.ruleset import (
    BANDS,
    RULES,
    Contacts,
    HomeService,
    InformalCare,
    National,
    RuleBook,
    RulePeriod,
    Situation,
    Unit,
    facts_of,
    read_rules,
)
from core.visits import MINUTES_A_WEEK, band_minutes

UNITS: dict[str, Unit] = {
    "income_limits": "EUR/month",
    "percentages": "percent",
    "regular_service_months": "months",
    "income_kinds": "list",
    "income_average_months": "months",
    "review_request_days": "days",
    "scheme": "name",
    "bands": "EUR/hour",
    "own_service_price": "EUR/hour",
    "own_service_other_bands": "name",
    "initial_months": "months",
    "review_months": "months",
    "maximum_months": "months",
    "situations": "list",
    "leave_voucher": "EUR/month",
    "fee_deduction": "percent",
    "maximum_voucher": "EUR/month",
    "leave_days": "days/month",
    "emergency_number": "phone",
    "social_emergency_number": "phone",
    "coordinators": "list",
    "coordinator_hours": "clock",
    "coordinator_areas": "count",
    "call_back_working_days": "days",
    "municipalities": "list",
    "online_municipalities": "list",
    "provider_register": "address",
    "self_assessment": "address",
    "accessibility_feedback": "address",
    "accessibility_reply_days": "days",
    "accessibility_supervisor": "address",
}


def check(directory: Path = RULES) -> list[str]:
    """Every fault of the rule data below `directory`, a line each; an empty list when there is none."""
    book, faults = read_rules(directory)
    return faults + faults_in(book)


def faults_in(book: RuleBook) -> list[str]:
    """Every fault in rule data that could be read."""
    return list(_faults(book))


def _faults(book: RuleBook) -> Iterator[str]:
    if not book.national:
        yield "national: there is no period"
    if not book.home_service:
        yield "home-service: there is no authority"
    groups: list[tuple[str, Sequence[RulePeriod]]] = [
        ("national", book.national),
        *((f"home-service/{name}", periods) for name, periods in book.home_service.items()),
        *((f"informal-care/{name}", periods) for name, periods in book.informal_care.items()),
        *((f"contacts/{name}", periods) for name, periods in book.contacts.items()),
    ]
    for folder, periods in groups:
        yield from _period_faults(folder, periods)
        for period in periods:
            where = f"{folder}/{period.valid.start}"
            yield from _fact_faults(where, period, book)
            match period:
                case National():
                    yield from _national_faults(where, period)
                case HomeService():
                    yield from _home_service_faults(where, period, book)
                case InformalCare():
                    yield from _informal_care_faults(where, period)
                case Contacts():
                    yield from _contact_faults(where, period)


def _period_faults(folder: str, periods: Sequence[RulePeriod]) -> Iterator[str]:
    for period in periods:
        if period.valid.end is not None and period.valid.end < period.valid.start:
            yield f"{folder}/{period.valid.start}: ends before it starts"
    for earlier, later in pairwise(periods):
        if earlier.valid.end is None or earlier.valid.end >= later.valid.start:
            yield f"{folder}: {earlier.valid.start} overlaps {later.valid.start}"
        elif earlier.valid.end + timedelta(days=1) != later.valid.start:
            yield f"{folder}: gap between {earlier.valid.end} and {later.valid.start}"


def _fact_faults(where: str, period: RulePeriod, book: RuleBook) -> Iterator[str]:
    for name, fact in facts_of(period):
        if fact.unit != UNITS[name]:
            yield f"{where}: {name}: unit is {fact.unit}, must be {UNITS[name]}"
        if fact.source.id not in book.sources:
            yield f"{where}: {name}: source {fact.source.id} is not in sources.yml"
        if not fact.source.section.strip():
            yield f"{where}: {name}: the source has no section"
        if isinstance(fact.value, (int, Decimal)) and fact.value <= 0:
            yield f"{where}: {name}: must be above zero"


def _national_faults(where: str, period: National) -> Iterator[str]:
    limits = period.income_limits.value
    if len(limits.persons) != 6:
        yield f"{where}: income_limits: has {len(limits.persons)} family sizes, must have 6"
    if not _rising(limits.persons) or limits.each_further <= 0:
        yield f"{where}: income_limits: must rise with the size of the family"
    table = period.percentages.value
    rows = sorted(table)
    if not rows or rows != list(range(rows[0], rows[-1] + 1)):
        yield f"{where}: percentages: rows must be whole hours without a gap"
    for hours, row in table.items():
        if len(row) != 6:
            yield f"{where}: percentages: row {hours} has {len(row)} family sizes, must have 6"
        if any(later > earlier for earlier, later in pairwise(row)):
            yield f"{where}: percentages: row {hours} rises with the size of the family"
        if any(not 0 < value <= 100 for value in row):
            yield f"{where}: percentages: row {hours} has a value outside 0–100"
    for above, below in pairwise(rows):
        if any(lower < upper for upper, lower in zip(table[above], table[below])):
            yield f"{where}: percentages: row {below} is below row {above}"


def _home_service_faults(where: str, period: HomeService, book: RuleBook) -> Iterator[str]:
    bands = period.bands.value
    missing = [band for band in BANDS if band not in bands]
    if missing:
        yield f"{where}: bands: missing {', '.join(missing)}"
    for name, band in bands.items():
        if not 0 < band.minimum <= band.maximum:
            yield f"{where}: bands: {name}: minimum {band.minimum} is not between 0 and maximum {band.maximum}"
    covered = [0] * MINUTES_A_WEEK
    for name, band in bands.items():
        try:
            for minute in band_minutes(band):
                covered[minute] += 1
        except ValueError as error:
            yield f"{where}: bands: {name}: {error}"
    for count, word in ((0, "not covered"), (2, "covered more than once")):
        minutes = [m for m, times in enumerate(covered) if (times == 0 if count == 0 else times >= count)]
        if minutes:
            first = divmod(minutes[0], 24 * 60)
            yield (
                f"{where}: bands: {len(minutes)} minutes of the week are {word}, "
                f"first on day {first[0] + 1} at {first[1] // 60:02}:{first[1] % 60:02}"
            )
    if period.scheme.value == "income_tested":
        yield from _income_tested_faults(where, period)
    elif period.maximum_months is None:
        yield f"{where}: maximum_months: missing"
    for situation in get_args(Situation):
        if situation not in period.situations.value and period.scheme.value == "income_tested":
            yield f"{where}: situations: {situation} is missing"
    for situation, rule in period.situations.value.items():
        if rule.source.id not in book.sources:
            yield f"{where}: situations: {situation}: source {rule.source.id} is not in sources.yml"
        if not rule.text.strip():
            yield f"{where}: situations: {situation}: has no text"


def _income_tested_faults(where: str, period: HomeService) -> Iterator[str]:
    for name in ("own_service_price", "own_service_other_bands", "initial_months", "review_months"):
        if getattr(period, name) is None:
            yield f"{where}: {name}: missing"
    bands = period.bands.value
    day = bands.get("weekday_day")
    if day is None:
        return
    for name, band in bands.items():
        if band.minimum != day.minimum * band.multiple or band.maximum != day.maximum * band.multiple:
            yield f"{where}: bands: {name}: is not {band.multiple} times weekday_day"
        price = period.own_service_price
        if price is not None and price.value * band.multiple != band.maximum - band.minimum:
            yield f"{where}: bands: {name}: own service price is not maximum minus minimum"


def _informal_care_faults(where: str, period: InformalCare) -> Iterator[str]:
    if sorted(period.leave_voucher.value) != [1, 2, 3]:
        yield f"{where}: leave_voucher: must have the fee classes 1, 2 and 3"
    if any(not 0 < value <= period.maximum_voucher.value for value in period.leave_voucher.value.values()):
        yield f"{where}: leave_voucher: must be above zero and at most maximum_voucher"
    if period.fee_deduction.value > 100:
        yield f"{where}: fee_deduction: must be at most 100 percent"


def _contact_faults(where: str, period: Contacts) -> Iterator[str]:
    known = set(period.municipalities.value)
    strangers = sorted(set(period.online_municipalities.value) - known)
    if strangers:
        yield f"{where}: online_municipalities: {', '.join(strangers)} not in municipalities"
    for coordinator in period.coordinators.value:
        outside = sorted(set(coordinator.municipalities) - known)
        if outside:
            yield f"{where}: coordinators: {coordinator.area}: {', '.join(outside)} not in municipalities"


def _rising(values: tuple[Decimal, ...]) -> bool:
    return all(0 < earlier < later for earlier, later in pairwise(values))
