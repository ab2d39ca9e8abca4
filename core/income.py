"""The family's income as the law counts it (asiakasmaksulaki 10 f and 10 g §)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from core.errors import InvalidInput
from core.localisation import Money, Name, Text
from core.money import ZERO, to_cents
from core.ruleset import IncomeEffect, IncomeKind, SourceReference, period_for, rule_book

MONTHS_A_YEAR: Final = 12


class IncomeItem(Struct, frozen=True):
    """One income or deduction, gross euros. `kind` is one of the rule data's `income_kinds`.

    `amounts` holds one amount a `per`; several amounts are averaged: the last months of an income that varies.
    """

    kind: str
    amounts: tuple[Decimal, ...]
    per: Literal["month", "year"] = "month"


class IncomeRow(Struct, frozen=True):
    """What one item comes to in euros a month, and whether it counts."""

    kind: str
    name: Text
    effect: IncomeEffect
    monthly: Decimal


class Income(Struct, frozen=True):
    """The family's countable income in euros a month, never below 0, and the rows it comes from."""

    monthly: Decimal
    rows: tuple[IncomeRow, ...]
    source: SourceReference


def monthly_amount(item: IncomeItem) -> Decimal:
    """Euros a month of one item: the average of its amounts, a twelfth for yearly ones.

    >>> monthly_amount(IncomeItem("wages", (Decimal("30000"),), "year"))
    Decimal('2500.00')
    """
    if not item.amounts:
        raise InvalidInput(item.kind, item.amounts, Text("at least one amount"))
    average = sum(item.amounts, ZERO) / len(item.amounts)
    return to_cents(average / MONTHS_A_YEAR if item.per == "year" else average)


def family_income(items: Sequence[IncomeItem], on: date) -> Income | None:
    """The countable income of parent and partner together; None when nothing is given, which is unknown and not 0.

    Raises InvalidInput for a kind that is not known, a negative amount, or more months than are averaged.
    """
    if not items:
        return None
    national = period_for(rule_book().national, "national rules", on)
    kinds, longest = national.income_kinds.value, national.income_average_months.value
    rows = []
    for item in items:
        if item.kind not in kinds:
            raise InvalidInput("kind", item.kind, Text("one of {choices}", {"choices": [Name(kind) for kind in kinds]}))
        if len(item.amounts) > longest:
            raise InvalidInput(item.kind, len(item.amounts), Text("at most {months} months", {"months": longest}))
        for amount in item.amounts:
            if amount < 0:
                raise InvalidInput(item.kind, str(amount), Text("{zero} or more", {"zero": Money(ZERO)}))
        rule = kinds[item.kind]
        rows.append(IncomeRow(item.kind, Text(rule.text), rule.effect, monthly_amount(item)))
    signs = {"counted": 1, "not_counted": 0, "deducted": -1}
    total = sum((signs[row.effect] * row.monthly for row in rows), ZERO)
    return Income(max(ZERO, total), tuple(rows), national.income_kinds.source)


def income_kinds(on: date) -> Mapping[str, IncomeKind]:
    """The kinds of income and deduction that the rules name. Raises NoRulesForDate for a date without rules."""
    return period_for(rule_book().national, "national rules", on).income_kinds.value


def usual_family(size: int) -> tuple[int, int]:
    """Adults and minor children that a family of this size usually has; any other mix of the same size costs the same.

    >>> usual_family(2), usual_family(4)
    ((1, 1), (2, 2))
    """
    adults = 1 if size <= 2 else 2
    return adults, size - adults


def household_size(adults: int, minor_children: int) -> int:
    """Persons of the family: the parent, a spouse or cohabiting partner, and the minor children of both.

    Raises InvalidInput for other than one or two adults, or a negative number of children.
    """
    if adults not in (1, 2):
        raise InvalidInput("adults", adults, Text("{first} or {last}", {"first": 1, "last": 2}))
    if not 0 <= minor_children <= LARGEST_HOUSEHOLD - adults:
        allowed = Text("{first} to {last}", {"first": 0, "last": LARGEST_HOUSEHOLD - adults})
        raise InvalidInput("minor_children", minor_children, allowed)
    return adults + minor_children


LARGEST_HOUSEHOLD: Final = 30
