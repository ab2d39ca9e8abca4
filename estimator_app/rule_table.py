"""The rules in force as rows of words, for staff to compare with the sources."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.bands import band_name
from core.errors import NoRulesForDate
from core.fees import KESKI_SUOMI
from core.localisation import Money, Name, Percent, Text, Value
from core.ruleset import (
    BandRule,
    Contacts,
    Fact,
    HomeService,
    IncomeLimits,
    InformalCare,
    National,
    Status,
    facts_of,
    period_for,
    periods_of,
    rule_book,
)

GROUPS: Final = (
    Text("In the whole country"),
    Text("Home service for families"),
    Text("Informal care"),
    Text("Contacts"),
)
STATUS_NAMES: Final[dict[Status, Text]] = {
    "confirmed": Text("confirmed"),
    "derived": Text("derived, not confirmed"),
    "assumed": Text("assumed, not confirmed"),
}
FACT_NAMES: Final[dict[str, Text]] = {
    "income_limits": Text("Income limits"),
    "percentages": Text("Percentages by hours and family size"),
    "regular_service_months": Text("Months from which the service is regular"),
    "income_kinds": Text("Kinds of income"),
    "income_average_months": Text("Months over which varying income is averaged"),
    "review_request_days": Text("Days for a request for review"),
    "scheme": Text("How the copayment is set"),
    "bands": Text("Voucher values by time of the visit"),
    "own_service_price": Text("Price of the county's own worker"),
    "own_service_other_bands": Text("Price of the county's own worker at other times"),
    "initial_months": Text("Months at the beginning"),
    "review_months": Text("Months between reviews"),
    "maximum_months": Text("Longest service in months"),
    "situations": Text("Situations of families"),
    "leave_voucher": Text("Voucher instead of days off"),
    "fee_deduction": Text("Deduction from the care fee"),
    "maximum_voucher": Text("Largest voucher"),
    "leave_days": Text("Days off a month"),
    "emergency_number": Text("Emergency number"),
    "social_emergency_number": Text("Social and crisis emergency services"),
    "coordinators": Text("Service coordinators"),
    "coordinator_hours": Text("Hours of the service coordinators"),
    "coordinator_areas": Text("Areas of the service coordinators"),
    "call_back_working_days": Text("Working days until one is called back"),
    "municipalities": Text("Municipalities"),
    "online_municipalities": Text("Municipalities with online application"),
    "provider_register": Text("Register of providers"),
    "self_assessment": Text("Self-assessment for informal care"),
    "accessibility_feedback": Text("Address for feedback on accessibility"),
    "accessibility_reply_days": Text("Days for an answer to feedback on accessibility"),
    "accessibility_supervisor": Text("Supervisor of accessibility"),
}
COLUMNS: Final = (Text("Rule"), Text("Value"), Text("Status"), Text("Source"), Text("Checked"))


def rule_tables(on: date) -> list[tuple[Text, list[tuple[Value, ...]]]]:
    """The rules of a day, a group at a time: rows of `COLUMNS`. Raises NoRulesForDate."""
    book = rule_book()
    periods: tuple[National | HomeService | InformalCare | Contacts, ...] = (
        period_for(book.national, "national rules", on),
        period_for(periods_of(book.home_service, KESKI_SUOMI), KESKI_SUOMI, on),
        period_for(periods_of(book.informal_care, KESKI_SUOMI), KESKI_SUOMI, on),
        period_for(periods_of(book.contacts, KESKI_SUOMI), KESKI_SUOMI, on),
    )
    return [(group, [_row(name, fact) for name, fact in facts_of(period)]) for group, period in zip(GROUPS, periods)]


def has_rules(on: date) -> bool:
    """Whether there are rules for every page on that day."""
    try:
        rule_tables(on)
    except NoRulesForDate:
        return False
    return True


def _row(name: str, fact: Fact[Any]) -> tuple[Value, ...]:
    title = Text(rule_book().sources[fact.source.id].title)
    source = Text("{title}, {section}", {"title": title, "section": Text(fact.source.section)})
    return FACT_NAMES[name], _value(fact), STATUS_NAMES[fact.status], source, fact.checked


def _value(fact: Fact[Any]) -> Value:
    match fact.value, fact.unit:
        case None | (), _:
            return Text("not filled in yet")
        case Decimal(), "percent":
            return Percent(fact.value)
        case Decimal(), _:
            return Money(fact.value)
        case int(), _:
            return fact.value
        case str(), "phone" | "address":
            return Name(fact.value)
        case (str(), *_), _:
            return [Name(item) for item in fact.value]
        case IncomeLimits(persons=persons), _:
            return [Money(limit, 0) for limit in persons]
        case {"weekday_day": BandRule()}, _:
            return [
                Text(
                    "{band}: {minimum}–{maximum}",
                    {
                        "band": band_name(band, fact.value),
                        "minimum": Money(rule.minimum),
                        "maximum": Money(rule.maximum),
                    },
                )
                for band, rule in fact.value.items()
            ]
        case {1: Decimal()}, "EUR/month":
            return [
                Text("Fee class {number}: {value}", {"number": number, "value": Money(value)})
                for number, value in fact.value.items()
            ]
        case _:
            return Text("in the rule data")
