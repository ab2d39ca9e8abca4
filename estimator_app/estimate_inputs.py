"""What a family tells: the fields of the estimator, read into cases that `core` can estimate.

A field that could not be read keeps what was typed; its error stands right below it and no estimate is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeVar

import msgspec
import streamlit as st

from core.bands import band_name
from core.errors import CoreError, InvalidInput
from core.fees import KESKI_SUOMI, Case
from core.handoff import HOURS_A_MONTH, Handoff, from_query, plain_number, to_query
from core.income import (
    LARGEST_HOUSEHOLD,
    Income,
    IncomeItem,
    family_income,
    household_size,
    income_kinds,
    monthly_amount,
    usual_family,
)
from core.localisation import Hours, Money, Text, Value, show
from core.money import parse_euro
from core.outlook import authorities_on, rules_on
from core.ruleset import BANDS, WEEKDAYS, Band, BandRule, HomeService, Weekday
from core.typed import parse_day, parse_hours
from core.visits import Visit, monthly_hours, split
from core.weekly import example, parse_week, visit_text, weekday_names, weekly
from estimator_app import day
from estimator_app.estimate_charts import week_picture
from estimator_app.words import language, say, tell

T = TypeVar("T")
MOST_PROVIDERS: Final = 4
FIRST_BAND: Final[Band] = "weekday_day"
IncomeWay = Literal["sum", "kinds", "unknown"]
HoursWay = Literal["month", "week"]
PriceWay = Literal["unknown", "known"]
Per = Literal["month", "year"]

AUTHORITIES: Final[dict[str, Text]] = {
    KESKI_SUOMI: Text("Wellbeing services county of Central Finland"),
    "jamsa": Text("City of Jämsä, before the county"),
}


@dataclass(frozen=True)
class Provider:
    """A provider to compare: its name, and euros an hour by band; a band whose price is not known is missing."""

    name: str
    price: Mapping[Band, Decimal]


@dataclass(frozen=True)
class Given:
    """Everything that was told. `problems`: a field could not be read."""

    on: date
    authority: str
    rules: HomeService | None
    household_size: int
    income: Decimal | None = None
    income_detail: Income | None = None
    hours: Mapping[Band, Decimal] = field(default_factory=dict)
    visits: tuple[Visit, ...] = ()
    providers: tuple[Provider, ...] = ()
    month: int | None = None
    problems: bool = False

    def cases(self) -> list[Case]:
        """One case for each provider; none when something needed is missing or could not be read."""
        if self.problems or self.rules is None or not self.hours:
            return []
        return [
            Case(
                on=self.on,
                household_size=self.household_size,
                hours=self.hours,
                monthly_income=self.income,
                provider_price=provider.price,
                authority=self.authority,
            )
            for provider in self.providers
        ]


def inputs() -> Given:
    """Draw the fields and read them."""
    take_over_from_link()
    st.header(say("Your situation"), anchor=False)
    family, money, time, price, start = (st.container() for _ in range(5))
    problems: list[CoreError] = []

    with start:
        on = starting_day(problems)
        authority, rules = rules_in_force(on, problems)
    with family:
        st.subheader(say("Family"), anchor=False)
        size = family_size()
    with money:
        st.subheader(say("Income"), anchor=False)
        if rules and rules.scheme.value == "flat":
            st.markdown(say("In these rules the family's income does not change the voucher."))
            income, detail = None, None
        else:
            income, detail = family_money(on, problems)
    bands = rules.bands.value if rules else {}
    with time:
        st.subheader(say("Hours of help"), anchor=False)
        hours, visits = service_hours(bands, problems)
    with price:
        st.subheader(say("Price and start"), anchor=False)
        providers = provider_prices(bands, [band for band in BANDS if hours.get(band)] or [FIRST_BAND], problems)
    return Given(
        on=on,
        authority=authority,
        rules=rules,
        household_size=size,
        income=income,
        income_detail=detail,
        hours=hours,
        visits=visits,
        providers=providers,
        month=st.session_state.get("kept_month"),
        problems=bool(problems),
    )


def take_over_from_link() -> None:
    """Fill in what the link says, once; what was typed since then stays."""
    handoff, _ = from_query(st.query_params.to_dict())
    told = to_query(msgspec.structs.replace(handoff, language=None))
    if told == to_query(Handoff()) or told == st.session_state.get("kept_link"):
        return
    keep = st.session_state
    keep["kept_link"] = told
    keep["kept_month"] = handoff.month
    if handoff.household_size is not None:
        keep["kept_adults"], keep["kept_children"] = usual_family(handoff.household_size)
    if handoff.hours:
        keep["kept_hours_way"] = "month"
        keep["kept_other_times"] = set(handoff.hours) != {FIRST_BAND}
        for band in BANDS:
            keep[f"kept_hours_{band}"] = _as_typed(handoff.hours.get(band))
    if handoff.visits:
        keep["kept_hours_way"] = "week"
        keep["kept_visits"] = ", ".join(tell(visit_text(visit)) for visit in handoff.visits)
    if handoff.on is not None:
        keep["kept_start"] = show(handoff.on, language())
    if handoff.provider_price:
        keep["kept_price_way"] = "known"
    for band, price in handoff.provider_price.items():
        keep[f"kept_price_0_{band}"] = _as_typed(price)


# --- Family -------------------------------------------------------------------------------------------------------


def family_size() -> int:
    st.session_state.setdefault("kept_adults", 2)
    st.session_state.setdefault("kept_children", 1)
    adults = st.radio(say("Adults in the family"), (1, 2), key="kept_adults", horizontal=True)
    children = st.number_input(
        say("Minor children in the family"), 0, LARGEST_HOUSEHOLD - 2, step=1, key="kept_children"
    )
    size = household_size(adults, children)
    st.caption(
        say(
            "Counted: parents, spouses or partners who live together, and the minor children of both in the same home. Grown-up children are not counted. Persons in your family: {size}.",
            size=size,
        )
    )
    return size


# --- Income -------------------------------------------------------------------------------------------------------


def family_money(on: date, problems: list[CoreError]) -> tuple[Decimal | None, Income | None]:
    """The family's countable income a month; None when it is not told."""
    ways: dict[IncomeWay, str] = {
        "sum": say("As one sum"),
        "kinds": say("I want to add it up here"),
        "unknown": say("I do not know, or would rather not say"),
    }
    way: IncomeWay = st.radio(
        say("How do you want to give your income?"), list(ways), format_func=ways.__getitem__, key="kept_income_way"
    )
    if way == "unknown":
        st.caption(say("You see the largest payment, and the income limit to compare with."))
        return None, None
    if way == "kinds":
        return income_by_kinds(on, problems)
    label = say("Family's income before tax, in euros")
    typed = st.text_input(label, key="kept_income", autocomplete="off", placeholder="0 000,00")
    per = per_month_or_year()
    st.caption(
        say(
            "Leave out child benefit and other support that does not count. To see what counts, choose to add it up here."
        )
    )
    amount = read(label, typed, parse_euro, problems)
    if amount is None:
        return None, None
    return monthly_amount(IncomeItem("sum", (amount,), per)), None


def per_month_or_year() -> Per:
    names: dict[Per, str] = {"month": say("a month"), "year": say("a year")}
    chosen: Per = st.radio(
        say("The amounts are for"), list(names), format_func=names.__getitem__, key="kept_income_per", horizontal=True
    )
    return chosen


def income_by_kinds(on: date, problems: list[CoreError]) -> tuple[Decimal | None, Income | None]:
    kinds = income_kinds(on)
    named = {kind: Text(rule.text) for kind, rule in kinds.items()}
    not_counted: list[Value] = [
        _within_sentence(tell(named[kind])) for kind, rule in kinds.items() if rule.effect == "not_counted"
    ]
    per = per_month_or_year()
    st.caption(say("Leave empty what you do not have. If an income varies, give its average over the last year."))
    items: list[IncomeItem] = []
    for effect, heading in (("counted", say("Income that counts, before tax")), ("deducted", say("What is deducted"))):
        st.markdown(f"**{heading}**")
        for kind, rule in kinds.items():
            if rule.effect == effect:
                items += income_fields(kind, named[kind], per, problems)
    st.info(say("These do not count, so leave them out: {kinds}.", kinds=not_counted))
    st.caption(say("Rent and loan payments are not deducted."))
    income = family_income(items, on)
    if income is None:
        return None, None
    st.markdown(say("Income that counts: {income} a month.", income=Money(income.monthly)))
    return income.monthly, income


def income_fields(kind: str, name: Text, per: Per, problems: list[CoreError]) -> list[IncomeItem]:
    """One field for each adult."""
    whose = [name]
    if st.session_state["kept_adults"] == 2:
        whose = [Text("{kind}, you", {"kind": name}), Text("{kind}, your partner", {"kind": name})]
    items = []
    for number, (column, label) in enumerate(zip(st.columns(len(whose)), whose)):
        with column:
            typed = st.text_input(tell(label), key=f"kept_income_{kind}_{number}", autocomplete="off")
            amount = read(tell(label), typed, parse_euro, problems)
        if amount is not None:
            items.append(IncomeItem(kind, (amount,), per))
    return items


# --- Hours --------------------------------------------------------------------------------------------------------


def service_hours(
    bands: Mapping[Band, BandRule], problems: list[CoreError]
) -> tuple[Mapping[Band, Decimal], tuple[Visit, ...]]:
    """Hours a month by band, and the weekly visits they come from when those are given."""
    ways: dict[HoursWay, str] = {"month": say("Hours a month"), "week": say("Weekly visits")}
    way: HoursWay = st.radio(
        say("How do you want to give the hours?"),
        list(ways),
        format_func=ways.__getitem__,
        key="kept_hours_way",
        horizontal=True,
    )
    if not bands:
        return {}, ()
    if way == "week":
        return hours_of_week(bands, problems)
    hours = {FIRST_BAND: hours_field(FIRST_BAND, bands, problems)}
    if st.checkbox(say("Also on evenings, at night or on weekends"), key="kept_other_times"):
        hours |= {band: hours_field(band, bands, problems) for band in BANDS if band != FIRST_BAND}
    given = {band: number for band, number in hours.items() if number}
    if sum(given.values()) > HOURS_A_MONTH:
        most = Text("hours a month in all at most {most}", {"most": HOURS_A_MONTH})
        complain(
            say("Hours a month"), InvalidInput("hours", plain_number(Decimal(sum(given.values()))), most), problems
        )
    return given, ()


def hours_field(band: Band, bands: Mapping[Band, BandRule], problems: list[CoreError]) -> Decimal | None:
    label = say("Hours a month: {band}", band=band_name(band, bands))
    return read(label, st.text_input(label, key=f"kept_hours_{band}", autocomplete="off"), parse_hours, problems)


def hours_of_week(
    bands: Mapping[Band, BandRule], problems: list[CoreError]
) -> tuple[Mapping[Band, Decimal], tuple[Visit, ...]]:
    label = say("Weekly visits, for example {visits}", visits=example())
    typed = st.text_input(label, key="kept_visits", autocomplete="off")
    with st.expander(say("Choose a visit from lists")):
        visit_chooser()
    visits = read(label, typed, parse_week, problems)
    if not visits:
        return {}, ()
    hours = monthly_hours(list(visits), bands)
    week_picture(visits, bands)
    st.markdown("\n".join(f"- {visit_in_bands(visit, bands)}" for visit in visits))
    st.caption(
        say(
            "In an average month this makes {hours}. A year has 52 weeks, so a weekly visit comes a little more than four times a month.",
            hours=Hours(sum(hours.values(), Decimal(0))),
        )
    )
    return hours, visits


def visit_in_bands(visit: Visit, bands: Mapping[Band, BandRule]) -> str:
    """A visit and the hours of it in each time band."""
    parts: list[Value] = [
        Text("{band}: {hours}", {"band": band_name(band, bands), "hours": Hours(Decimal(minutes) / 60)})
        for band, minutes in split(visit, bands).items()
    ]
    return say("{visit} – {parts}", visit=visit_text(visit), parts=parts)


def visit_chooser() -> None:
    """Adds a visit to the text, for those who would rather choose than type."""
    names = weekday_names(language())
    clocks = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 24 * 60 + 1, 30)]
    st.session_state.setdefault("kept_chosen_start", "09:00")
    st.session_state.setdefault("kept_chosen_end", "12:00")
    st.selectbox(say("Day of the visit"), WEEKDAYS, format_func=names.__getitem__, key="kept_chosen_day")
    st.selectbox(say("The visit begins"), clocks[:-1], format_func=_clock_shown, key="kept_chosen_start")
    st.selectbox(say("The visit ends"), clocks[1:], format_func=_clock_shown, key="kept_chosen_end")
    st.button(say("Add this visit"), on_click=add_chosen_visit)


def add_chosen_visit() -> None:
    chosen: Weekday = st.session_state["kept_chosen_day"]
    visit = weekly(chosen, st.session_state["kept_chosen_start"], st.session_state["kept_chosen_end"])
    before = st.session_state.get("kept_visits", "").strip().rstrip(",")
    added = tell(visit_text(visit))
    st.session_state["kept_visits"] = f"{before}, {added}" if before else added


# --- Price --------------------------------------------------------------------------------------------------------


def provider_prices(
    bands: Mapping[Band, BandRule], used: list[Band], problems: list[CoreError]
) -> tuple[Provider, ...]:
    """The providers to compare; one of unknown price when nothing is given."""
    ways: dict[PriceWay, str] = {"unknown": say("Not known yet"), "known": say("I know it")}
    way: PriceWay = st.radio(
        say("Provider's price"), list(ways), format_func=ways.__getitem__, key="kept_price_way", horizontal=True
    )
    if way == "unknown":
        st.caption(say("The largest voucher value is then used as the price."))
        return (Provider(say("Provider {number}", number=1), {}),)
    count = st.session_state.setdefault("kept_providers", 1)
    providers = [provider_fields(number, count, bands, used, problems) for number in range(count)]
    if count < MOST_PROVIDERS:
        st.button(say("Compare another provider"), on_click=_change_providers, args=(1,))
    if count > 1:
        st.button(say("Remove the last provider"), on_click=_change_providers, args=(-1,))
    return tuple(providers)


def provider_fields(
    number: int, count: int, bands: Mapping[Band, BandRule], used: list[Band], problems: list[CoreError]
) -> Provider:
    name = say("Provider {number}", number=number + 1)
    if count > 1:
        typed_name = st.text_input(
            say("Name of provider {number}, if you like", number=number + 1),
            key=f"kept_provider_{number}",
            max_chars=60,
            autocomplete="off",
        )
        name = typed_name.strip() or name
    prices: dict[Band, Decimal] = {}
    for band in used if bands else ():
        label = say("Price in euros an hour: {band}", band=band_name(band, bands))
        if count > 1:
            label = say("{provider}: price in euros an hour: {band}", provider=name, band=band_name(band, bands))
        typed = st.text_input(label, key=f"kept_price_{number}_{band}", autocomplete="off")
        price = read(label, typed, parse_euro, problems)
        if price is not None:
            prices[band] = price
    return Provider(name, prices)


def _change_providers(by: int) -> None:
    st.session_state["kept_providers"] += by


# --- Start and rules ----------------------------------------------------------------------------------------------


def starting_day(problems: list[CoreError]) -> date:
    label = say("Starting date, if not today ({today})", today=day.today())
    typed = st.text_input(label, key="kept_start", autocomplete="off")
    return read(label, typed, parse_day, problems) or day.today()


def rules_in_force(on: date, problems: list[CoreError]) -> tuple[str, HomeService | None]:
    """The authority and its rules; no rules when there are none for that day, which is then said."""
    authority = KESKI_SUOMI
    known = authorities_on(on)
    if known and KESKI_SUOMI not in known:
        authority = st.radio(
            say("Whose rules?"),
            [KESKI_SUOMI, *known],
            format_func=lambda name: tell(AUTHORITIES[name]),
            key="kept_authority",
        )
    try:
        return authority, rules_on(authority, on)
    except CoreError as error:
        problems.append(error)
        st.error(
            say(
                "There are no rules for {authority} on {date}, so no estimate can be given. There are rules for: {periods}.",
                authority=AUTHORITIES[authority],
                date=on,
                periods=error.text.values["periods"],
            )
        )
        return authority, None


# --- Reading ------------------------------------------------------------------------------------------------------


def read(label: str, typed: str, parser: Callable[[str], T], problems: list[CoreError]) -> T | None:
    """What was typed, read by one of core's parsers; None when the field is empty or was not understood."""
    if not typed.strip():
        return None
    try:
        return parser(typed)
    except InvalidInput as error:
        complain(label, error, problems)
        return None


def complain(label: str, error: InvalidInput, problems: list[CoreError]) -> None:
    """Say what was wrong and what is allowed, right below the field."""
    problems.append(error)
    st.error(
        say(
            "{field}: “{given}” was not understood. Allowed: {allowed}",
            field=label,
            given=_plain(str(error.given)),
            allowed=error.allowed,
        )
    )


def _plain(typed: str, length: int = 40) -> str:
    """What was typed, without meaning to Markdown and not longer than a line."""
    short = typed if len(typed) <= length else typed[: length - 1] + "…"
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|<>~$:" else letter for letter in short)


def _within_sentence(name: str) -> str:
    """A name that stands alone elsewhere, with a small first letter; in none of our languages is a kind of income a proper noun."""
    return name[:1].lower() + name[1:]


def _as_typed(number: Decimal | None) -> str:
    return "" if number is None else plain_number(number).replace(".", ",")


def _clock_shown(clock: str) -> str:
    return clock.replace(":", ".")
