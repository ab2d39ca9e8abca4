"""What an estimate means over the months: who pays what, month by month, and which rules could change on the way."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec import Struct

from core.errors import NoRulesForDate
from core.fees import Case, Estimate, Period, copayment, month_total
from core.money import ZERO, to_cents
from core.ruleset import Band, BandRule, HomeService, period_for, periods_of, rule_book

MONTHS_SHOWN: Final = 6
# From this part of the income on, a page points out that a payment can be reduced. A hint's threshold, not a rule.
LARGE_PART_OF_INCOME: Final = Decimal("0.05")


class Payers(Struct, frozen=True):
    """Who pays the provider, euros a month. The three parts sum to `price`."""

    county: Decimal
    family: Decimal
    above_maximum: Decimal
    price: Decimal


class Month(Struct, frozen=True):
    """One month of the service: what the family pays the provider in it, and since the beginning."""

    number: int
    period: Period
    copayment: Decimal
    own_service: Decimal | None
    copayment_so_far: Decimal


def rules_on(authority: str, on: date) -> HomeService:
    """The authority's rules on a day. Raises InvalidInput and NoRulesForDate."""
    return period_for(periods_of(rule_book().home_service, authority), authority, on)


def authorities_on(on: date) -> list[str]:
    """The authorities that have rules on a day."""
    return [name for name, periods in rule_book().home_service.items() if any(on in period.valid for period in periods)]


def who_pays(case: Case, period: Period) -> Payers:
    """The provider's price of a month in three parts: the county's, the family's share, and the price above the maximum.

    The family's two parts sum to the period's `copayment_total` to the cent.
    """
    bands = rules_on(case.authority, case.on).bands.value
    extra = {fee.band: copayment(fee.price, bands[fee.band].maximum) for fee in period.bands}
    above = to_cents(month_total(case.hours, extra))
    return Payers(
        county=period.voucher_total,
        family=period.copayment_total - above,
        above_maximum=above,
        price=period.voucher_total + period.copayment_total,
    )


def months(estimate: Estimate, count: int = MONTHS_SHOWN) -> list[Month]:
    """The first months of the service; fewer when it ends before."""
    shown: list[Month] = []
    so_far = ZERO
    for number in range(1, count + 1):
        period = next((p for p in estimate.periods if p.from_month <= number <= (p.to_month or number)), None)
        if period is None:
            break
        so_far += period.copayment_total
        shown.append(Month(number, period, period.copayment_total, period.own_service_total, so_far))
    return shown


def next_rules_from(case: Case, count: int = MONTHS_SHOWN) -> date | None:
    """The day within the first months on which other rules begin, or the known ones end."""
    last = _months_later(case.on, count)
    book = rule_book()
    ends = [rules_on(case.authority, case.on).valid.end]
    with suppress(NoRulesForDate):  # a flat scheme needs no national rules
        ends.append(period_for(book.national, "national rules", case.on).valid.end)
    changes = [_day_after(end) for end in ends if end is not None]
    return min((day for day in changes if day < last), default=None)


def is_large(period: Period, monthly_income: Decimal | None) -> bool:
    """Whether a payment is so large beside the income that a reduction is worth pointing out."""
    return monthly_income is not None and period.copayment_total > LARGE_PART_OF_INCOME * monthly_income


def bands_of(case: Case) -> dict[Band, BandRule]:
    """The time bands of the rules that hold for a case."""
    return rules_on(case.authority, case.on).bands.value


def _months_later(day: date, count: int) -> date:
    years, month = divmod(day.month - 1 + count, 12)
    return date(day.year + years, month + 1, 1)


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
