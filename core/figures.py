"""The figures of the rules by name, for sentences that state them: `{voucher_minimum}`, `{income_limit}`, `{call_back_days}`.

A sentence in the assistant or on a page names a figure; its value comes from here, never from the sentence.
"""

from __future__ import annotations

from datetime import date, time

from core.bands import band_name
from core.fees import KESKI_SUOMI, full_share, income_limit
from core.localisation import Money, Name, Percent, Value
from core.ruleset import BANDS, Contacts, period_for, periods_of, rule_book, stated
from core.visits import minute_of_day
from core.weekly import WEEKDAY_NAMES


def figures(on: date, household_size: int | None = None) -> dict[str, Value]:
    """Every figure that a sentence may name, as of a day; `income_limit` only with a family size.

    Raises NoRulesForDate for a date without rules.
    """
    book = rule_book()
    home = period_for(periods_of(book.home_service, KESKI_SUOMI), KESKI_SUOMI, on)
    national = period_for(book.national, "national rules", on)
    care = period_for(periods_of(book.informal_care, KESKI_SUOMI), KESKI_SUOMI, on)
    limits, bands = national.income_limits.value, home.bands.value
    table = national.percentages.value
    values: dict[str, Value] = {
        **contact_figures(on),
        "voucher_minimum": Money(bands["weekday_day"].minimum),
        "voucher_maximum": Money(bands["weekday_day"].maximum),
        "full_share": Money(full_share(bands["weekday_day"])),
        "own_service_price": Money(stated(home.own_service_price)),
        "first_month": 1,
        "initial_months": stated(home.initial_months),
        "first_later_month": stated(home.initial_months) + 1,
        "review_months": stated(home.review_months),
        "income_limit_each_further": Money(limits.each_further, 0),
        "largest_listed_household": len(limits.persons),
        "lowest_percentage": Percent(min(min(row) for row in table.values())),
        "highest_percentage": Percent(max(max(row) for row in table.values())),
        "regular_service_months": national.regular_service_months.value,
        "income_average_months": national.income_average_months.value,
        "review_request_days": national.review_request_days.value,
        "informal_care_class_1": Money(care.leave_voucher.value[1], 0),
        "informal_care_class_2": Money(care.leave_voucher.value[2], 0),
        "informal_care_class_3": Money(care.leave_voucher.value[3], 0),
        "informal_care_maximum": Money(care.maximum_voucher.value, 0),
        "informal_care_deduction": Percent(care.fee_deduction.value),
        "informal_care_leave_days": care.leave_days.value,
    }
    for band in BANDS:
        values[f"{band}_name"] = band_name(band, bands)
        values[f"{band}_minimum"] = Money(bands[band].minimum)
        values[f"{band}_maximum"] = Money(bands[band].maximum)
    for persons in range(1, len(limits.persons) + 1):
        values[f"income_limit_{persons}"] = Money(income_limit(limits, persons), 0)
    if household_size is not None:
        values["household_size"] = household_size
        values["income_limit"] = Money(income_limit(limits, household_size), 0)
    return values


def contact_figures(on: date) -> dict[str, Value]:
    """How to reach the county, and where to call in danger. Holds on any day from the contacts' first on."""
    contacts = contacts_on(on)
    hours = contacts.coordinator_hours.value
    return {
        "emergency_number": Name(contacts.emergency_number.value),
        "social_emergency_number": Name(contacts.social_emergency_number.value),
        "coordinator_first_day": WEEKDAY_NAMES[hours.days[0]],
        "coordinator_last_day": WEEKDAY_NAMES[hours.days[-1]],
        "coordinator_opens": _time(hours.start),
        "coordinator_closes": _time(hours.end),
        "coordinator_areas": contacts.coordinator_areas.value,
        "call_back_days": contacts.call_back_working_days.value,
        "online_municipalities": [Name(place) for place in contacts.online_municipalities.value],
        "provider_register": Name(contacts.provider_register.value.removeprefix("https://")),
        "provider_register_address": Name(contacts.provider_register.value),
        "self_assessment": Name(contacts.self_assessment.value.removeprefix("https://")),
        "self_assessment_address": Name(contacts.self_assessment.value),
        "accessibility_reply_days": contacts.accessibility_reply_days.value,
    }


def contacts_on(on: date) -> Contacts:
    """The county's contacts as of a day."""
    return period_for(periods_of(rule_book().contacts, KESKI_SUOMI), KESKI_SUOMI, on)


def _time(clock: str) -> time:
    hour, minute = divmod(minute_of_day(clock), 60)
    return time(hour, minute)
