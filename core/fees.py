"""What home service would cost a family: the voucher's value and the copayment, month by month.

The arithmetic is a handful of small functions named after the words of the decision. `estimate` puts them together
into one value that explains itself: every figure has a step with its source, every open point a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

from msgspec import Struct

from core.bands import band_name
from core.localisation import Hours, Money, Percent, Text, Value
from core.money import ZERO, to_cents
from core.ruleset import (
    BANDS,
    Band,
    BandRule,
    HomeService,
    IncomeLimits,
    National,
    SourceReference,
    Status,
    period_for,
    periods_of,
    rule_book,
    stated,
    weakest,
)

KESKI_SUOMI: Final = "keski-suomi"
SHOWN_HOURS: Final = Decimal("0.0001")
_FINEST_HOURS: Final = 60 * 10**4  # visits are whole minutes, so many times a month with at most four decimals


class Case(Struct, frozen=True):
    """What a family tells for an estimate.

    `monthly_income`: gross euros a month of the whole family; None is unknown, never 0.
    `hours`: hours a month by band, each above 0. `provider_price`: euros an hour by band; a band that is missing costs
    the band's maximum voucher value.
    """

    on: date
    household_size: int
    hours: Mapping[Band, Decimal]
    monthly_income: Decimal | None = None
    provider_price: Mapping[Band, Decimal] = {}
    authority: str = KESKI_SUOMI


class BandFee(Struct, frozen=True):
    """One band of one period: hours a month, and euros an hour."""

    band: Band
    hours: Decimal
    price: Decimal
    voucher: Decimal
    copayment: Decimal


class Period(Struct, frozen=True):
    """Months of the service with the same fees; totals are euros a month. `to_month` None: until the service ends."""

    from_month: int
    to_month: int | None
    percentage: Decimal | None
    monthly_cap: Decimal | None
    bands: tuple[BandFee, ...]
    voucher_total: Decimal
    copayment_total: Decimal
    own_service_total: Decimal | None


class Step(Struct, frozen=True):
    """One figure on the way to the result, in a sentence, with where its rule comes from."""

    key: str
    text: Text
    amount: Decimal | None
    source: SourceReference
    unit: str = "EUR"


class Note(Struct, frozen=True):
    """Something the family must know beside the figures."""

    key: str
    text: Text


class Estimate(Struct, frozen=True):
    """The whole result. `rules` names the authority's rules and the day they start on."""

    rules: str
    rules_status: Status
    income_limit: Decimal | None
    income_over_limit: Decimal | None
    hours: Mapping[Band, Decimal]
    periods: tuple[Period, ...]
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]


def income_limit(limits: IncomeLimits, household_size: int) -> Decimal:
    """Gross euros a month that a family of this size may earn without a copayment (asiakasmaksulaki 10 e §)."""
    listed = len(limits.persons)
    return limits.persons[min(household_size, listed) - 1] + limits.each_further * max(0, household_size - listed)


def exact_hours(hours: Decimal) -> Fraction:
    """The hours as a fraction, so that thirds of an hour stay thirds and no cent is lost.

    >>> exact_hours(Decimal(4) / 3)
    Fraction(4, 3)
    """
    return Fraction(hours).limit_denominator(_FINEST_HOURS)


def month_total(hours: Mapping[Band, Decimal], per_hour: Mapping[Band, Decimal]) -> Fraction:
    """Exact euros a month of so many euros an hour, by band."""
    return sum((exact_hours(hours[band]) * Fraction(euros) for band, euros in per_hour.items()), Fraction(0))


def payment_percentage(table: Mapping[int, tuple[Decimal, ...]], hours: Decimal, household_size: int) -> Decimal:
    """The percentage for all hours of a month (asiakasmaksulaki 10 e § 5 and 6 mom.).

    Hours are rounded to whole hours, halves up; fewer than the first row or more than the last use that row.
    """
    whole = floor(exact_hours(hours) + Fraction(1, 2))
    row = table[min(max(whole, min(table)), max(table))]
    return row[min(household_size, len(row)) - 1]


def full_share(band: BandRule) -> Decimal:
    """The most a family's share of an hour can be: maximum minus minimum of the voucher."""
    return band.maximum - band.minimum


def capped_share(full: Decimal, cap: Decimal, uncapped_total: Decimal | Fraction) -> Decimal:
    """The family's share of an hour, so that a month never exceeds `cap`: rounded down to the cent.

    `uncapped_total` is what the month would cost at full shares, above 0.
    """
    if cap >= uncapped_total:
        return full
    # Whole cents by integer division: a quotient that is cut off first could lose a cent.
    cents = Fraction(full) * Fraction(cap) * 100 // Fraction(uncapped_total)
    return Decimal(cents) / 100


def copayment(price: Decimal, voucher: Decimal) -> Decimal:
    """What the family pays the provider for an hour; never below 0, never cash back."""
    return max(ZERO, price - voucher)


def estimate(case: Case) -> Estimate:
    """The fees of a case.

    Raises InvalidInput for an authority and NoRulesForDate for a date without rules.
    """
    book = rule_book()
    home = period_for(periods_of(book.home_service, case.authority), case.authority, case.on)
    if home.scheme.value == "flat":
        return _flat_estimate(case, home)
    return _income_tested_estimate(case, home, period_for(book.national, "national rules", case.on))


def _income_tested_estimate(case: Case, home: HomeService, national: National) -> Estimate:
    bands, income = home.bands.value, case.monthly_income
    hours = _in_order(case.hours)
    months = stated(home.initial_months)
    limit = income_limit(national.income_limits.value, case.household_size)
    excess = None if income is None else max(ZERO, income - limit)
    pays = excess is None or excess > 0

    first = _period(
        case,
        bands,
        vouchers={band: bands[band].minimum if pays else bands[band].maximum for band in hours},
        own_service={band: stated(home.own_service_price) * bands[band].multiple if pays else ZERO for band in hours},
        months=(1, months),
    )

    percentage = payment_percentage(national.percentages.value, sum(hours.values(), Decimal(0)), case.household_size)
    cap = None if excess is None else percentage * excess / 100
    uncapped = month_total(hours, {band: full_share(bands[band]) for band in hours})
    shares = {
        band: full_share(bands[band]) if cap is None else capped_share(full_share(bands[band]), cap, uncapped)
        for band in hours
    }
    later = _period(
        case,
        bands,
        vouchers={band: bands[band].maximum - shares[band] for band in hours},
        own_service=shares,
        months=(months + 1, None),
        percentage=percentage,
        cap=cap,
    )
    return Estimate(
        rules=f"{case.authority}/{home.valid.start}",
        rules_status=weakest([home.bands.status, national.income_limits.status, national.percentages.status]),
        income_limit=limit,
        income_over_limit=excess,
        hours=_shown(hours),
        periods=(first, later),
        steps=tuple(_steps(case, home, national, limit, excess, first, later, percentage, shares)),
        notes=tuple(_notes(case, home, national, first, cap, uncapped)),
    )


def _flat_estimate(case: Case, home: HomeService) -> Estimate:
    """One voucher value whatever the income; the source says nothing of the authority's own worker."""
    bands, hours = home.bands.value, _in_order(case.hours)
    vouchers = {band: bands[band].maximum for band in hours}
    period = _period(case, bands, vouchers, own_service=None, months=(1, stated(home.maximum_months)))
    steps = [step for fee in period.bands for step in _band_steps(fee, home, "first_months", _flat_voucher(fee, home))]
    return Estimate(
        rules=f"{case.authority}/{home.valid.start}",
        rules_status=home.bands.status,
        income_limit=None,
        income_over_limit=None,
        hours=_shown(hours),
        periods=(period,),
        steps=(*steps, *_total_steps(period, home)),
        notes=(
            _ESTIMATE_NOT_DECISION,
            Note("income_not_counted", Text("In these rules the family's income does not change the voucher.")),
            Note(
                "longest_time",
                Text(
                    "Home service is granted for at most {months} months at a time.", {"months": period.to_month or 0}
                ),
            ),
            *_price_notes(case, period, bands),
        ),
    )


def _in_order(hours: Mapping[Band, Decimal]) -> dict[Band, Decimal]:
    return {band: hours[band] for band in BANDS if hours.get(band)}


def _shown(hours: Mapping[Band, Decimal]) -> dict[Band, Decimal]:
    return {band: number.quantize(SHOWN_HOURS) for band, number in hours.items()}


def _period(
    case: Case,
    bands: Mapping[Band, BandRule],
    vouchers: Mapping[Band, Decimal],
    own_service: Mapping[Band, Decimal] | None,
    months: tuple[int, int | None],
    percentage: Decimal | None = None,
    cap: Decimal | None = None,
) -> Period:
    fees = tuple(
        BandFee(
            band=band,
            hours=case.hours[band].quantize(SHOWN_HOURS),
            price=(price := case.provider_price.get(band, bands[band].maximum)),
            voucher=voucher,
            copayment=copayment(price, voucher),
        )
        for band, voucher in vouchers.items()
    )
    return Period(
        from_month=months[0],
        to_month=months[1],
        percentage=percentage,
        monthly_cap=None if cap is None else to_cents(cap),
        bands=fees,
        voucher_total=to_cents(month_total(case.hours, {fee.band: min(fee.voucher, fee.price) for fee in fees})),
        copayment_total=to_cents(month_total(case.hours, {fee.band: fee.copayment for fee in fees})),
        own_service_total=None if own_service is None else to_cents(month_total(case.hours, own_service)),
    )


# --- Steps: every figure in order ---------------------------------------------------------------------------------


def _steps(
    case: Case,
    home: HomeService,
    national: National,
    limit: Decimal,
    excess: Decimal | None,
    first: Period,
    later: Period,
    percentage: Decimal,
    shares: Mapping[Band, Decimal],
) -> list[Step]:
    bands = home.bands.value
    hours = sum(case.hours.values(), Decimal(0)).quantize(SHOWN_HOURS)
    steps = [
        Step(
            "income_limit",
            Text(
                "The income limit for a family of {persons} is {limit} a month.",
                {"persons": case.household_size, "limit": Money(limit, 0)},
            ),
            limit,
            national.income_limits.source,
        ),
        Step("income_over_limit", _income_text(case.monthly_income, excess), excess, national.income_limits.source),
    ]
    for fee in first.bands:
        steps += _band_steps(fee, home, "first_months", _first_voucher(fee, home, excess))
    steps += _total_steps(first, home)
    steps.append(_own_service_step(first, home))
    steps.append(
        Step(
            "percentage",
            Text(
                "From month {month} on, the payment percentage for a family of {persons} with {hours} a month is {percentage}.",
                {
                    "month": later.from_month,
                    "persons": case.household_size,
                    "hours": Hours(hours),
                    "percentage": Percent(percentage),
                },
            ),
            percentage,
            national.percentages.source,
            unit="percent",
        )
    )
    if later.monthly_cap is not None and excess is not None:
        steps.append(
            Step(
                "monthly_cap",
                Text(
                    "Your share is at most {cap} a month: {percentage} of the {excess} above the income limit.",
                    {"cap": Money(later.monthly_cap), "percentage": Percent(percentage), "excess": Money(excess)},
                ),
                later.monthly_cap,
                national.percentages.source,
            )
        )
    for fee in later.bands:
        steps.append(
            Step(
                "share",
                _share_text(fee, bands, shares[fee.band], later.monthly_cap),
                shares[fee.band],
                home.bands.source,
            )
        )
        voucher = Text(
            "{band}: from month {month} on the voucher is {voucher} an hour: the maximum {maximum} less your share {share}.",
            {
                "band": band_name(fee.band, bands),
                "month": later.from_month,
                "voucher": Money(fee.voucher),
                "maximum": Money(bands[fee.band].maximum),
                "share": Money(shares[fee.band]),
            },
        )
        steps += _band_steps(fee, home, "later_months", voucher)
    steps += _total_steps(later, home)
    steps.append(_own_service_step(later, home))
    return steps


def _income_text(income: Decimal | None, excess: Decimal | None) -> Text:
    if income is None or excess is None:
        return Text("Your income is not known, so the largest copayment is shown.")
    if excess == 0:
        return Text("Your income of {income} a month does not exceed the limit.", {"income": Money(income)})
    return Text(
        "Your income of {income} a month exceeds the limit by {excess}.",
        {"income": Money(income), "excess": Money(excess)},
    )


def _first_voucher(fee: BandFee, home: HomeService, excess: Decimal | None) -> Text:
    values: dict[str, Value] = {"band": band_name(fee.band, home.bands.value), "voucher": Money(fee.voucher)}
    if excess is None:
        return Text(
            "{band}: at first the voucher is at least {voucher} an hour, its minimum, because your income is not known.",
            values,
        )
    if excess == 0:
        return Text(
            "{band}: at first the voucher is {voucher} an hour, its maximum, because your income does not exceed the limit.",
            values,
        )
    return Text(
        "{band}: at first the voucher is {voucher} an hour, its minimum, because your income exceeds the limit.", values
    )


def _flat_voucher(fee: BandFee, home: HomeService) -> Text:
    return Text(
        "{band}: the voucher is {voucher} an hour.",
        {"band": band_name(fee.band, home.bands.value), "voucher": Money(fee.voucher)},
    )


def _share_text(fee: BandFee, bands: Mapping[Band, BandRule], share: Decimal, cap: Decimal | None) -> Text:
    values: dict[str, Value] = {"band": band_name(fee.band, bands), "share": Money(share)}
    if cap is None:
        return Text(
            "{band}: your share is at most {share} an hour, the maximum of the voucher less its minimum.", values
        )
    if share == full_share(bands[fee.band]):
        return Text("{band}: your share is {share} an hour, the maximum of the voucher less its minimum.", values)
    return Text(
        "{band}: your share is {share} an hour, rounded down so that a month never exceeds {cap}.",
        {**values, "cap": Money(cap)},
    )


def _band_steps(fee: BandFee, home: HomeService, when: str, voucher: Text) -> list[Step]:
    return [
        Step(f"voucher_{when}", voucher, fee.voucher, home.bands.source),
        Step(
            f"copayment_{when}",
            Text(
                "{band}: the provider's price is {price} and the voucher {voucher}, so you pay {copayment} an hour.",
                {
                    "band": band_name(fee.band, home.bands.value),
                    "price": Money(fee.price),
                    "voucher": Money(fee.voucher),
                    "copayment": Money(fee.copayment),
                },
            ),
            fee.copayment,
            home.bands.source,
        ),
    ]


def _months(period: Period) -> dict[str, Value]:
    return {"first": period.from_month, "last": period.to_month or 0}


def _total_steps(period: Period, home: HomeService) -> list[Step]:
    county = {**_months(period), "total": Money(period.voucher_total)}
    family = {**_months(period), "total": Money(period.copayment_total)}
    if period.to_month is None:
        county_text = Text("From month {first} on the county pays the provider {total} a month.", county)
        family_text = Text("From month {first} on you pay the provider {total} a month in all.", family)
    else:
        county_text = Text("In months {first}–{last} the county pays the provider {total} a month.", county)
        family_text = Text("In months {first}–{last} you pay the provider {total} a month in all.", family)
    return [
        Step("voucher_total", county_text, period.voucher_total, home.bands.source),
        Step("copayment_total", family_text, period.copayment_total, home.bands.source),
    ]


def _own_service_step(period: Period, home: HomeService) -> Step:
    values = {**_months(period), "total": Money(period.own_service_total or ZERO)}
    if period.to_month is None:
        text = Text("From month {first} on the same hours by the county's own worker cost {total} a month.", values)
    else:
        text = Text("In months {first}–{last} the same hours by the county's own worker cost {total} a month.", values)
    return Step("own_service_total", text, period.own_service_total, home.bands.source)


# --- Notes: what is open, not confirmed or to be known ------------------------------------------------------------

_ESTIMATE_NOT_DECISION: Final = Note(
    "estimate_not_decision",
    Text("This is an estimate, not a decision. The wellbeing services county decides when you apply."),
)


def _notes(
    case: Case,
    home: HomeService,
    national: National,
    first: Period,
    cap: Decimal | None,
    uncapped: Fraction,
) -> list[Note]:
    bands = home.bands.value
    notes = [_ESTIMATE_NOT_DECISION]
    if national.income_limits.status != "confirmed":
        notes.append(
            Note(
                "income_limits_unconfirmed",
                Text(
                    "The income limits for {date} are calculated from an index and are not confirmed.",
                    {"date": case.on},
                ),
            )
        )
    if weakest([home.bands.status, national.percentages.status]) != "confirmed":
        notes.append(
            Note(
                "rules_unconfirmed",
                Text(
                    "The voucher values and percentages for {date} are taken as unchanged from the latest known rules. They are not confirmed.",
                    {"date": case.on},
                ),
            )
        )
    if case.monthly_income is None:
        notes.append(
            Note(
                "income_unknown",
                Text(
                    "You gave no income, so this shows the smallest voucher and the largest copayment. With an income you see your own."
                ),
            )
        )
    notes += _price_notes(case, first, bands)
    capped_part = month_total(
        case.hours,
        {fee.band: copayment(min(fee.price, bands[fee.band].maximum), fee.voucher) for fee in first.bands},
    )
    if cap is not None and capped_part > cap > 0:
        notes.append(
            Note(
                "first_months_above_cap",
                Text(
                    "The first months cost you more than the later months' limit of {cap} a month. The source does not say whether that limit holds from the start: ask the service coordinator.",
                    {"cap": Money(to_cents(cap))},
                ),
            )
        )
    if cap is None or cap >= uncapped:
        notes.append(
            Note(
                "minimum_voucher_open",
                Text(
                    "The source does not say whether the smallest voucher also holds after month {month}. Here it does.",
                    {"month": first.to_month or 0},
                ),
            )
        )
    notes.append(
        Note(
            "public_holidays",
            Text(
                "Public holidays and their eves are counted here as ordinary days. Ask the provider and the service coordinator how they are priced."
            ),
        )
    )
    other_bands = home.own_service_other_bands
    if other_bands and other_bands.status != "confirmed" and any(band != "weekday_day" for band in case.hours):
        notes.append(
            Note(
                "own_service_derived",
                Text(
                    "The price of the county's own worker is given for weekdays by day only. For other times it is derived from the voucher values."
                ),
            )
        )
    notes.append(
        Note(
            "regular_service",
            Text(
                "The percentage applies to service given at least once a week that lasts at least {months} months.",
                {"months": national.regular_service_months.value},
            ),
        )
    )
    notes.append(
        Note(
            "reduction",
            Text(
                "If the payment would endanger your livelihood, ask for it to be reduced or waived. You need not apply for social assistance first."
            ),
        )
    )
    return notes


def _price_notes(case: Case, period: Period, bands: Mapping[Band, BandRule]) -> list[Note]:
    notes = []
    above = [fee for fee in period.bands if fee.price > bands[fee.band].maximum]
    if above:
        extra = to_cents(month_total(case.hours, {fee.band: fee.price - bands[fee.band].maximum for fee in above}))
        notes.append(
            Note(
                "price_above_maximum",
                Text(
                    "The provider's price is above the largest voucher. You always pay the difference yourself: {extra} a month of the figures above.",
                    {"extra": Money(extra)},
                ),
            )
        )
    missing = [band for band in case.hours if band not in case.provider_price]
    if missing:
        notes.append(
            Note(
                "price_assumed",
                Text(
                    "You gave no provider's price for these times, so the largest voucher value is used as the price: {bands}.",
                    {"bands": [band_name(band, bands) for band in BANDS if band in missing]},
                ),
            )
        )
    return notes
