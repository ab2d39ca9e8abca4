"""The voucher for informal care (omaishoidon tuen palveluseteli)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from core.errors import InvalidInput
from core.fees import KESKI_SUOMI, Note, Step
from core.localisation import Money, Percent, Text
from core.money import ZERO, to_cents
from core.ruleset import period_for, periods_of, rule_book


class InformalCareCase(Struct, frozen=True):
    """Class of the care fee (1–3), and what the voucher comes instead of.

    `voucher_value` (euros a month) is given only when the voucher comes instead of a part of the fee.
    """

    on: date
    fee_class: int
    instead_of: Literal["leave", "fee"]
    voucher_value: Decimal | None = None
    authority: str = KESKI_SUOMI


class InformalCareVoucher(Struct, frozen=True):
    """Euros a month: the voucher's value, what is deducted from the care fee, the most a voucher can be."""

    rules: str
    voucher_value: Decimal
    deducted_from_fee: Decimal
    maximum_voucher: Decimal
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]


def informal_care_voucher(case: InformalCareCase) -> InformalCareVoucher:
    """The voucher of a case.

    Raises InvalidInput for a class, a value or a combination that the rules do not know.
    """
    rules = period_for(periods_of(rule_book().informal_care, case.authority), case.authority, case.on)
    classes, maximum = rules.leave_voucher.value, rules.maximum_voucher.value
    if case.fee_class not in classes:
        raise InvalidInput("fee_class", case.fee_class, Text("one of {choices}", {"choices": sorted(classes)}))
    if case.instead_of == "leave":
        if case.voucher_value is not None:
            allowed = Text("nothing when the voucher comes instead of leave: the class sets its value")
            raise InvalidInput("voucher_value", str(case.voucher_value), allowed)
        value, deducted = classes[case.fee_class], ZERO
        step = Step(
            "voucher_value",
            Text(
                "In fee class {fee_class} the voucher that replaces your days off is {value} a month. There is no client fee.",
                {"fee_class": case.fee_class, "value": Money(value)},
            ),
            value,
            rules.leave_voucher.source,
        )
    else:
        if case.voucher_value is None or not 0 < case.voucher_value <= maximum:
            given = None if case.voucher_value is None else str(case.voucher_value)
            raise InvalidInput(
                "voucher_value", given, Text("above 0 and at most {maximum}", {"maximum": Money(maximum)})
            )
        value = case.voucher_value
        deducted = to_cents(value * rules.fee_deduction.value / 100)
        step = Step(
            "voucher_value",
            Text("The voucher is {value} a month, as part of the care fee.", {"value": Money(value)}),
            value,
            rules.maximum_voucher.source,
        )
    deduction = Step(
        "deducted_from_fee",
        Text(
            "{percentage} of the voucher's value is deducted from the care fee: {deducted} a month.",
            {"percentage": Percent(rules.fee_deduction.value), "deducted": Money(deducted)},
        )
        if case.instead_of == "fee"
        else Text("Nothing is deducted from the care fee."),
        deducted,
        rules.fee_deduction.source,
    )
    limit = Step(
        "maximum_voucher",
        Text("A voucher for informal care is at most {maximum} a month.", {"maximum": Money(maximum)}),
        maximum,
        rules.maximum_voucher.source,
    )
    return InformalCareVoucher(
        rules=f"{case.authority}/{rules.valid.start}",
        voucher_value=value,
        deducted_from_fee=deducted,
        maximum_voucher=maximum,
        steps=(step, deduction, limit),
        notes=(
            Note(
                "estimate_not_decision",
                Text("This is an estimate, not a decision. Informal care support depends on the county's budget."),
            ),
            Note(
                "rules_unconfirmed",
                Text(
                    "The figures are from an older page of the city of Jyväskylä and are not confirmed for the wellbeing services county."
                ),
            ),
            Note(
                "income_does_not_matter",
                Text("Your income does not change informal care support. The support is taxable income."),
            ),
        ),
    )
