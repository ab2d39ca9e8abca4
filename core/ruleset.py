"""The rule data: typed facts by period, read from the YAML files in `core/rules/`.

A file holds the facts of one authority (or of the whole country) from one date on. Every fact has a value, a unit,
a source, a status and the date it was last checked. A file may state that it `continues` an earlier one: what it does
not state itself is then taken from there, with the status that the file gives for that. Nothing else falls back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar, Union

import msgspec
import yaml
from msgspec import Struct

from core.errors import InvalidInput, NoRulesForDate, RuleDataError
from core.localisation import Name, Text

RULES: Final = Path(__file__).resolve().parent / "rules"

Status = Literal["confirmed", "derived", "assumed"]
STATUSES: Final[tuple[Status, ...]] = ("confirmed", "derived", "assumed")  # from the surest to the least sure
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Band = Literal["weekday_day", "weekday_evening", "saturday_day", "night", "sunday"]
BANDS: Final[tuple[Band, ...]] = ("weekday_day", "weekday_evening", "saturday_day", "night", "sunday")
Situation = Literal[
    "exhaustion",
    "parent_illness_or_disability",
    "pregnancy_or_birth",
    "multiple_birth",
    "child_disability_or_special_care",
    "separation",
    "bereavement",
    "life_change_or_crisis",
    "no_support_network",
    "therapy_or_hospital_visits",
    "everyday_management",
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
Effect = Literal["ground", "discretionary", "exclusion"]
IncomeEffect = Literal["counted", "not_counted", "deducted"]
Unit = Literal[
    "EUR/month",
    "EUR/hour",
    "percent",
    "months",
    "days",
    "days/month",
    "clock",
    "count",
    "phone",
    "address",
    "list",
    "name",
]

T = TypeVar("T")


class Strict(Struct, frozen=True, forbid_unknown_fields=True):
    """Rule data: a field that is not known is a fault, not a surprise."""


class SourceReference(Strict, frozen=True):
    id: str
    section: str


class Fact(Strict, Generic[T], frozen=True):
    """One value of the rules and where it comes from; `checked` is when it was last compared with the source."""

    value: T
    unit: Unit
    status: Status
    source: SourceReference
    checked: date


class Validity(Strict, frozen=True, rename={"start": "from", "end": "to"}):
    """First and last day on which a file's facts hold; no last day: until further notice."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


class IncomeLimits(Strict, frozen=True):
    """Gross euros a month by number of persons, and what each person after the last adds."""

    persons: tuple[Decimal, ...]
    each_further: Decimal


class IncomeKind(Strict, frozen=True):
    effect: IncomeEffect
    text: str


class National(Strict, frozen=True):
    """Facts that hold in every county."""

    valid: Validity
    income_limits: Fact[IncomeLimits]
    percentages: Fact[dict[int, tuple[Decimal, ...]]]
    regular_service_months: Fact[int]
    income_kinds: Fact[dict[str, IncomeKind]]
    income_average_months: Fact[int]
    review_request_days: Fact[int]


class ClockTimes(Strict, frozen=True):
    """Hours of the clock on some days, "HH:MM" to "HH:MM", the end not included; "24:00" is the end of the day."""

    days: tuple[Weekday, ...]
    start: str
    end: str


class BandRule(Strict, frozen=True):
    """Voucher of one time band in euros an hour: least, most, and the multiple of weekdays by day."""

    minimum: Decimal
    maximum: Decimal
    multiple: Decimal
    times: tuple[ClockTimes, ...]


class SituationRule(Strict, frozen=True):
    effect: Effect
    text: str
    source: SourceReference


class HomeService(Strict, frozen=True):
    """Facts of one authority's home service for families.

    `scheme` is `income_tested` (the copayment depends on income) or `flat` (one voucher value, any income).
    """

    valid: Validity
    scheme: Fact[Literal["income_tested", "flat"]]
    bands: Fact[dict[Band, BandRule]]
    situations: Fact[dict[Situation, SituationRule]]
    own_service_price: Fact[Decimal] | None = None
    own_service_other_bands: Fact[Literal["price_times_multiple"]] | None = None
    initial_months: Fact[int] | None = None
    review_months: Fact[int] | None = None
    maximum_months: Fact[int] | None = None


class InformalCare(Strict, frozen=True):
    """Facts of the voucher for informal care."""

    valid: Validity
    leave_voucher: Fact[dict[int, Decimal]]
    fee_deduction: Fact[Decimal]
    maximum_voucher: Fact[Decimal]
    leave_days: Fact[int]


class Coordinator(Strict, frozen=True):
    """A service coordinator's telephone number and the municipalities it serves."""

    area: str
    phone: str
    municipalities: tuple[str, ...]


class Contacts(Strict, frozen=True):
    """How to reach the authority."""

    valid: Validity
    emergency_number: Fact[str]
    social_emergency_number: Fact[str]
    coordinators: Fact[tuple[Coordinator, ...]]
    coordinator_hours: Fact[ClockTimes]
    coordinator_areas: Fact[int]
    call_back_working_days: Fact[int]
    municipalities: Fact[tuple[str, ...]]
    online_municipalities: Fact[tuple[str, ...]]
    provider_register: Fact[str]
    self_assessment: Fact[str]
    accessibility_feedback: Fact[str | None]
    accessibility_reply_days: Fact[int]
    accessibility_supervisor: Fact[str]


P = TypeVar("P", National, HomeService, InformalCare, Contacts)


RulePeriod = Union[National, HomeService, InformalCare, Contacts]


class Source(Strict, frozen=True):
    """A document; `title` is English source text, translated by the catalogs."""

    title: str


class RuleBook(Struct, frozen=True):
    """All rule data, each list in order of date."""

    sources: dict[str, Source]
    national: list[National]
    home_service: dict[str, list[HomeService]]
    informal_care: dict[str, list[InformalCare]]
    contacts: dict[str, list[Contacts]]


def facts_of(period: RulePeriod) -> Iterator[tuple[str, Fact[Any]]]:
    """The facts of a period with their names."""
    for name in period.__struct_fields__:
        fact = getattr(period, name)
        if isinstance(fact, Fact):
            yield name, fact


def stated(fact: Fact[T] | None) -> T:
    """The value of a fact that the rules' scheme needs; the check on load guarantees it."""
    if fact is None:
        raise RuleDataError(["a fact that the scheme needs is missing"])
    return fact.value


def weakest(statuses: Iterator[Status] | list[Status]) -> Status:
    """The least sure of several statuses."""
    return max(statuses, key=STATUSES.index, default="confirmed")


def period_for(periods: list[P], authority: str, on: date) -> P:
    """The period that holds on a day.

    Raises NoRulesForDate, naming the periods there are.
    """
    for period in periods:
        if on in period.valid:
            return period
    known = [
        Text("{start} – {end}", {"start": p.valid.start, "end": p.valid.end})
        if p.valid.end
        else Text("from {start} on", {"start": p.valid.start})
        for p in periods
    ]
    raise NoRulesForDate(
        Text(
            "on: there are no rules for {authority} on {date}. There are rules for: {periods}",
            {"authority": Name(authority), "date": on, "periods": known},
        )
    )


def periods_of(by_authority: Mapping[str, list[P]], authority: str) -> list[P]:
    """All periods of an authority; raises InvalidInput for one that is not known."""
    if authority not in by_authority:
        allowed = Text("one of {choices}", {"choices": [Name(name) for name in sorted(by_authority)]})
        raise InvalidInput("authority", authority, allowed)
    return by_authority[authority]


@lru_cache(maxsize=1)
def rule_book() -> RuleBook:
    """The project's rule data, read once and checked; raises RuleDataError with all its faults."""
    from core.rule_check import faults_in  # the check knows this module

    book, faults = read_rules(RULES)
    faults = faults or faults_in(book)
    if faults:
        raise RuleDataError(faults)
    return book


def read_rules(directory: Path) -> tuple[RuleBook, list[str]]:
    """The rule data below `directory`, and a line for every file that does not fit its type."""
    faults: list[str] = []
    sources: dict[str, Source] = {}
    try:
        sources = msgspec.convert(_read_yaml(directory / "sources.yml"), dict[str, Source])
    except (OSError, yaml.YAMLError, ValueError, msgspec.ValidationError) as error:
        faults.append(f"sources.yml: {_one_line(error)}")

    def by_authority(folder: str, kind: type[P]) -> dict[str, list[P]]:
        homes = sorted(path for path in (directory / folder).glob("*") if path.is_dir())
        return {home.name: _read_periods(home, directory, kind, faults) for home in homes}

    book = RuleBook(
        sources=sources,
        national=_read_periods(directory / "national", directory, National, faults),
        home_service=by_authority("home-service", HomeService),
        informal_care=by_authority("informal-care", InformalCare),
        contacts=by_authority("contacts", Contacts),
    )
    return book, faults


def _read_periods(home: Path, directory: Path, kind: type[P], faults: list[str]) -> list[P]:
    """The periods in one folder; the file names are the dates they start on."""
    read: dict[str, dict[str, Any]] = {}
    periods: list[P] = []
    for path in sorted(home.glob("*.yml")):
        where = path.relative_to(directory).as_posix()
        try:
            read[path.stem] = _continue(_read_yaml(path), read)
            period = msgspec.convert(read[path.stem], kind)
        except msgspec.ValidationError:
            faults.extend(f"{where}: {fault}" for fault in _field_faults(read[path.stem], kind))
            continue
        except (yaml.YAMLError, ValueError) as error:
            faults.append(f"{where}: {_one_line(error)}")
            continue
        if path.stem != period.valid.start.isoformat():
            faults.append(f"{where}: is valid from {period.valid.start}, not from the date in its name")
        periods.append(period)
    return periods


def _field_faults(stated: dict[str, Any], kind: type[P]) -> Iterator[str]:
    """Every field that does not fit; the type's own check stops at the first."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in stated.keys() - fields.keys():
        yield f"{name}: is not a known field"
    for name, field in fields.items():
        if name not in stated:
            if field.required:
                yield f"{name}: missing"
            continue
        try:
            msgspec.convert(stated[name], field.type)
        except msgspec.ValidationError as error:
            yield f"{name}: {_one_line(error)}"


def _continue(stated: dict[str, Any], earlier: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """What a file states, and what it says it continues from an earlier file, with the weaker status."""
    if not isinstance(stated, dict):
        raise ValueError("is not a mapping of facts")
    continues = stated.pop("continues", None)
    if continues is None:
        return stated
    if not isinstance(continues, dict) or set(continues) != {"from", "status"} or continues["status"] not in STATUSES:
        raise ValueError(f"continues: takes `from` (a date) and `status` (one of {', '.join(STATUSES)})")
    if str(continues["from"]) not in earlier:
        raise ValueError(f"continues: there is no earlier file of {continues['from']}")
    carried = {
        name: {**fact, "status": weakest([fact["status"], continues["status"]])}
        for name, fact in earlier[str(continues["from"])].items()
        if isinstance(fact, dict) and fact.get("status") in STATUSES
    }
    return {**carried, **stated}


class _UniqueKeyLoader(yaml.SafeLoader):
    """YAML's own loader lets a repeated key overwrite the first; in rules that would hide a figure."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]  # type: ignore[no-untyped-call]
        repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
        if repeated:
            raise ValueError(f"repeated: {', '.join(repeated)}")
        return super().construct_mapping(node, deep=deep)


def _read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
