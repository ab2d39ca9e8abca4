"""What would change the payment: the same case over other incomes and over other hours."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Final

import msgspec
from msgspec import Struct

from core.fees import Case, estimate
from core.money import CENT, ZERO

INCOME_STEP: Final = Decimal(250)
SHOWN_AT_LEAST_TO: Final = Decimal(4000)
MOST_STEPS: Final = 24
WHOLE_HOURS_SHOWN: Final = 40
FURTHER_HOURS_STEP: Final = 20


class Point(Struct, frozen=True):
    """What a family would pay the provider, euros a month, at one income or at one number of hours a month.

    `later` is None when the rules know one period only. `is_own` marks the family's own case.
    """

    at: Decimal
    first: Decimal
    later: Decimal | None
    is_own: bool = False


def by_income(case: Case) -> list[Point]:
    """The payment over the family's income, in even steps and at every point where the curve bends.

    The step at the income limit has two points: the limit, and a cent above it. Empty when income does not matter.
    """
    result = estimate(case)
    limit = result.income_limit
    if limit is None:
        return []
    bend = _income_of_full_share(case, limit)
    end = max(SHOWN_AT_LEAST_TO, 2 * limit, case.monthly_income or ZERO)
    step = INCOME_STEP
    while end / step > MOST_STEPS:
        step *= 2
    incomes = {step * number for number in range(int(end / step) + 2)} | {limit, limit + CENT}
    if bend <= max(incomes):
        incomes.add(bend)
    if case.monthly_income is not None:
        incomes.add(case.monthly_income)
    return [
        _point(msgspec.structs.replace(case, monthly_income=income), income, income == case.monthly_income)
        for income in sorted(incomes)
    ]


def by_hours(case: Case) -> list[Point]:
    """The payment over the hours a month, in whole hours, then in larger steps, and at the family's own.

    The mix of times stays the same.
    """
    own = sum(case.hours.values(), Decimal(0))
    further = range(WHOLE_HOURS_SHOWN, int(own) + FURTHER_HOURS_STEP, FURTHER_HOURS_STEP)
    totals = {Decimal(number) for number in (*range(1, WHOLE_HOURS_SHOWN + 1), *further)} | {own}
    return [
        _point(
            msgspec.structs.replace(case, hours={band: hours * total / own for band, hours in case.hours.items()}),
            total,
            total == own,
        )
        for total in sorted(totals)
    ]


def _point(case: Case, at: Decimal, is_own: bool) -> Point:
    periods = estimate(case).periods
    return Point(at, periods[0].copayment_total, periods[1].copayment_total if len(periods) > 1 else None, is_own)


def _income_of_full_share(case: Case, limit: Decimal) -> Decimal:
    """The income from which on the later months cost the full share, up to the cent."""
    later = estimate(msgspec.structs.replace(case, monthly_income=limit)).periods[1]
    full = estimate(msgspec.structs.replace(case, monthly_income=None)).periods[1]
    assert later.percentage is not None
    uncapped = sum((high.hours * (low.voucher - high.voucher) for low, high in zip(later.bands, full.bands)), ZERO)
    return (limit + uncapped * 100 / later.percentage).quantize(CENT, ROUND_CEILING)
