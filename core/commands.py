"""The JSON commands: what is read, checked and answered. `python -m core` runs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, cast

from core.eligibility import assess
from core.errors import InvalidInput
from core.fees import KESKI_SUOMI, Case, Estimate, Note, Step, estimate
from core.handoff import DATE_ALLOWED, HOURS_A_MONTH, HOURS_STEP, parse_date, plain_number
from core.income import LARGEST_HOUSEHOLD
from core.informal_care import InformalCareCase, informal_care_voucher
from core.localisation import Language, Name, Text, render
from core.money import LARGEST, to_cents
from core.ruleset import BANDS, WEEKDAYS, Band, SourceReference, period_for, periods_of, rule_book
from core.visits import Visit, minute_of_day, monthly_hours

Json = Mapping[str, Any]
MOST_VISITS: Final = 100
_AMOUNT: Final = re.compile(r"\d{1,7}(?:\.\d{1,2})?", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,4})?", re.ASCII)

AMOUNT_ALLOWED: Final = Text(
    "an amount in euros as a string with at most two decimals, from {least} to {largest}",
    {"least": "0.00", "largest": str(LARGEST)},
)
HOURS_ALLOWED: Final = Text(
    "quarter hours a month as a string, such as {example}; in all above 0 and at most {most}",
    {"example": "12.5", "most": str(HOURS_A_MONTH)},
)


def estimate_command(given: Json, language: Language, today: date) -> dict[str, Any]:
    """`python -m core estimate`; see the README for the fields."""
    case = read_case(given, today)
    return estimate_json(estimate(case), language)


def assess_command(given: Json, language: Language, today: date) -> dict[str, Any]:
    """`python -m core assess`: the situations of a family."""
    _only_known(given, ("situations", "authority", "on"))
    situations = given.get("situations")
    if not isinstance(situations, list) or not all(isinstance(item, str) for item in situations):
        raise InvalidInput("situations", situations, Text("a list of situations"))
    result = assess(situations, _on(given, today), _authority(given))
    return {
        "outcome": result.outcome,
        "reasons": [
            {
                "situation": reason.situation,
                "effect": reason.effect,
                "text": render(reason.text, language),
                "source": source_json(reason.source, language),
            }
            for reason in result.reasons
        ],
    }


def informal_care_command(given: Json, language: Language, today: date) -> dict[str, Any]:
    """`python -m core informal-care`: the voucher for informal care."""
    _only_known(given, ("fee_class", "instead_of", "voucher_value", "authority", "on"))
    fee_class, instead_of = given.get("fee_class"), given.get("instead_of")
    if not isinstance(fee_class, int) or isinstance(fee_class, bool):
        raise InvalidInput("fee_class", fee_class, Text("one of {choices}", {"choices": [1, 2, 3]}))
    if instead_of not in ("leave", "fee"):
        raise InvalidInput("instead_of", instead_of, _one_of(("leave", "fee")))
    value = given.get("voucher_value")
    result = informal_care_voucher(
        InformalCareCase(
            on=_on(given, today),
            fee_class=fee_class,
            instead_of=cast(Literal["leave", "fee"], instead_of),
            voucher_value=None if value is None else _amount("voucher_value", value),
            authority=_authority(given),
        )
    )
    return {
        "rules": result.rules,
        "fee_class": fee_class,
        "instead_of": instead_of,
        "voucher_value": money(result.voucher_value),
        "deducted_from_fee": money(result.deducted_from_fee),
        "limits": {"maximum_voucher": money(result.maximum_voucher)},
        "steps": steps_json(result.steps, language),
        "notes": notes_json(result.notes, language),
    }


# --- Reading -------------------------------------------------------------------------------------------------------


def read_case(given: Json, today: date) -> Case:
    """A case from JSON. Raises InvalidInput, naming the field, what was given and what is allowed."""
    _only_known(given, ("authority", "on", "household_size", "monthly_income", "hours", "visits", "provider_price"))
    size = given.get("household_size")
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= LARGEST_HOUSEHOLD:
        allowed = Text("a whole number from {first} to {last}", {"first": 1, "last": LARGEST_HOUSEHOLD})
        raise InvalidInput("household_size", size, allowed)
    income = given.get("monthly_income")
    on, authority = _on(given, today), _authority(given)
    return Case(
        on=on,
        authority=authority,
        household_size=size,
        monthly_income=None if income is None else _amount("monthly_income", income),
        hours=_hours(given, authority, on),
        provider_price=_prices(given.get("provider_price")),
    )


def _hours(given: Json, authority: str, on: date) -> dict[Band, Decimal]:
    if ("hours" in given) == ("visits" in given):
        raise InvalidInput("hours", given.get("hours"), Text("either hours by band or a list of visits"))
    if "visits" in given:
        bands = period_for(periods_of(rule_book().home_service, authority), authority, on).bands.value
        hours, field = monthly_hours(_visits(given["visits"]), bands), "visits"
    else:
        hours, field = _by_band("hours", given["hours"], _quarter_hours), "hours"
    if not 0 < sum(hours.values(), Decimal(0)) <= HOURS_A_MONTH:
        raise InvalidInput(field, plain_number(sum(hours.values(), Decimal(0))), HOURS_ALLOWED)
    return {band: number for band, number in hours.items() if number}


def _visits(given: object) -> list[Visit]:
    if not isinstance(given, list) or not 0 < len(given) <= MOST_VISITS:
        raise InvalidInput(
            "visits", given, Text("a list of {first} to {last} visits", {"first": 1, "last": MOST_VISITS})
        )
    return [_visit(f"visits[{number}]", item) for number, item in enumerate(given)]


def _visit(field: str, given: object) -> Visit:
    names = ("weekday", "start", "end", "times_per_month")
    if not isinstance(given, dict) or set(given) != set(names):
        raise InvalidInput(field, given, Text("an object with {names}", {"names": [Name(name) for name in names]}))
    if given["weekday"] not in WEEKDAYS:
        raise InvalidInput(f"{field}.weekday", given["weekday"], _one_of(WEEKDAYS))
    for name, last in (("start", 24 * 60 - 1), ("end", 24 * 60)):
        try:
            if not isinstance(given[name], str) or minute_of_day(given[name]) > last:
                raise ValueError
        except ValueError:
            raise InvalidInput(
                f"{field}.{name}", given[name], Text("a time such as {example}", {"example": "16:30"})
            ) from None
    times = given["times_per_month"]
    if not isinstance(times, str) or not _NUMBER.fullmatch(times) or not 0 < Decimal(times) <= 31:
        allowed = Text("a number as a string, above 0 and at most {most}", {"most": 31})
        raise InvalidInput(f"{field}.times_per_month", times, allowed)
    return Visit(given["weekday"], given["start"], given["end"], Decimal(times))


def _prices(given: object) -> dict[Band, Decimal]:
    if given is None:
        return {}
    if isinstance(given, dict):
        return _by_band("provider_price", given, _amount)
    return dict.fromkeys(BANDS, _amount("provider_price", given))


def _by_band(field: str, given: object, read: Any) -> dict[Band, Decimal]:
    if not isinstance(given, dict):
        raise InvalidInput(
            field, given, Text("an object by band: {choices}", {"choices": [Name(band) for band in BANDS]})
        )
    for name in given:
        if name not in BANDS:
            raise InvalidInput(field, name, _one_of(BANDS))
    return {band: read(f"{field}.{band}", given[band]) for band in BANDS if band in given}


def _amount(field: str, given: object) -> Decimal:
    if not isinstance(given, str) or not _AMOUNT.fullmatch(given):
        raise InvalidInput(field, given, AMOUNT_ALLOWED)
    return to_cents(Decimal(given))


def _quarter_hours(field: str, given: object) -> Decimal:
    if not isinstance(given, str) or not _NUMBER.fullmatch(given) or Decimal(given) % HOURS_STEP:
        raise InvalidInput(field, given, HOURS_ALLOWED)
    return Decimal(given)


def _on(given: Json, today: date) -> date:
    typed = given.get("on")
    if typed is None:
        return today
    on = parse_date(typed) if isinstance(typed, str) else None
    if on is None:
        raise InvalidInput("on", typed, DATE_ALLOWED)
    return on


def _authority(given: Json) -> str:
    authority = given.get("authority")
    if authority is None:
        return KESKI_SUOMI
    if not isinstance(authority, str):
        raise InvalidInput("authority", authority, _one_of(tuple(sorted(rule_book().home_service))))
    return authority


def _only_known(given: Json, known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            raise InvalidInput("field", name, _one_of(known))


def _one_of(choices: tuple[str, ...]) -> Text:
    return Text("one of {choices}", {"choices": [Name(choice) for choice in choices]})


# --- Answering -----------------------------------------------------------------------------------------------------


def estimate_json(result: Estimate, language: Language) -> dict[str, Any]:
    """An estimate as JSON: money with two decimals, hours and percentages without trailing zeros."""
    return {
        "rules": result.rules,
        "rules_status": result.rules_status,
        "income_limit": money(result.income_limit),
        "income_over_limit": money(result.income_over_limit),
        "hours": {band: plain_number(hours) for band, hours in result.hours.items()},
        "periods": [
            {
                "from_month": period.from_month,
                "to_month": period.to_month,
                "percentage": None if period.percentage is None else plain_number(period.percentage),
                "monthly_cap": money(period.monthly_cap),
                "bands": [
                    {
                        "band": fee.band,
                        "hours": plain_number(fee.hours),
                        "price": money(fee.price),
                        "voucher": money(fee.voucher),
                        "copayment": money(fee.copayment),
                    }
                    for fee in period.bands
                ],
                "voucher_total": money(period.voucher_total),
                "copayment_total": money(period.copayment_total),
                "own_service_total": money(period.own_service_total),
            }
            for period in result.periods
        ],
        "steps": steps_json(result.steps, language),
        "notes": notes_json(result.notes, language),
    }


def steps_json(steps: tuple[Step, ...], language: Language) -> list[dict[str, Any]]:
    """The steps of a calculation in `language`."""
    return [
        {
            "key": step.key,
            "text": render(step.text, language),
            "amount": _step_amount(step),
            "source": source_json(step.source, language),
        }
        for step in steps
    ]


def notes_json(notes: tuple[Note, ...], language: Language) -> list[dict[str, str]]:
    """The notes beside a result in `language`."""
    return [{"key": note.key, "text": render(note.text, language)} for note in notes]


def source_json(source: SourceReference, language: Language) -> dict[str, str]:
    """Title and section of a source in `language`."""
    return {
        "title": render(Text(rule_book().sources[source.id].title), language),
        "section": render(Text(source.section), language),
    }


def money(amount: Decimal | None) -> str | None:
    """Euros with two decimals, or None."""
    return None if amount is None else f"{to_cents(amount):f}"


def _step_amount(step: Step) -> str | None:
    if step.amount is None:
        return None
    return plain_number(step.amount) if step.unit == "percent" else money(step.amount)
