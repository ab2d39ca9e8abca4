"""What a family may ask for, and what it cannot get, when home service is paid with a voucher; each with its source."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from core.localisation import Text
from core.ruleset import period_for, rule_book


class Right(Struct, frozen=True):
    """One right or limit, in a sentence; `source` is the id of a source, `section` the place in it when it is known."""

    key: str
    text: Text
    source: str
    section: Text | None = None


def rights(on: date) -> tuple[Right, ...]:
    """The rights as of a day. Raises NoRulesForDate for a date without national rules."""
    national = period_for(rule_book().national, "national rules", on)
    return (
        Right(
            "reduction",
            Text(
                "If you cannot afford the payment, ask the official who decides to lower or waive it. Reasons are for example large hospital bills, debt enforcement or having to apply for social assistance. You need not apply for social assistance first."
            ),
            "client_fees_act",
            Text("section 11"),
        ),
        Right(
            "voucher_value_raised",
            Text("The value of a voucher must be raised when your own share would endanger your family's livelihood."),
            "service_voucher_act",
            Text("section 8"),
        ),
        Right(
            "refuse_voucher",
            Text("You may refuse the voucher. The county then arranges the service in another way."),
            "service_voucher_act",
            Text("section 6"),
        ),
        Right(
            "written_decision",
            Text("You get the decision in writing."),
            "social_welfare_act",
            Text("section 45"),
        ),
        Right(
            "review",
            Text(
                "If you disagree with the decision, you may request a review within {days} days.",
                {"days": national.review_request_days.value},
            ),
            national.review_request_days.source.id,
            Text(national.review_request_days.source.section),
        ),
        Right(
            "no_cash_back",
            Text(
                "With a voucher you pay no client fee, only your own share to the provider. If the provider is cheaper than the voucher, the difference is not paid to you."
            ),
            "service_voucher_act",
        ),
        Right(
            "no_tax_credit",
            Text("You cannot deduct work paid with a voucher as a household expense in taxation."),
            "income_tax_act",
        ),
    )
