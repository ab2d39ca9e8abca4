"""What an estimate says: one sentence first, then who pays what, the months, what would change it, why, and the rights."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.bands import band_name
from core.fees import Case, Estimate, Period, estimate
from core.figures import figures
from core.localisation import Hours, Money, Text, Value
from core.outlook import bands_of, is_large, months, next_rules_from, who_pays
from core.rights import Right, rights
from core.ruleset import rule_book
from core.whatif import Point, by_hours, by_income
from estimator_app.estimate_charts import hours_chart, income_chart, number, who_pays_chart
from estimator_app.estimate_inputs import Given, Provider
from estimator_app.words import say, tell

Rows = list[list[str]]


def results(given: Given) -> list[Estimate]:
    """Show everything that the given facts say; the estimates, one for each provider."""
    st.header(say("Your estimate"), anchor=False)
    cases = given.cases()
    if not cases:
        what_is_missing(given)
        return []
    estimates = [estimate(case) for case in cases]
    case, main = cases[0], estimates[0]
    answer(given, main)
    side_by_side(given.providers, estimates)
    who_pays_what(case, main)
    by_time(case, main)
    month_by_month(case, main)
    what_if(case, main)
    how_it_was_calculated(main)
    good_to_know(case, main)
    your_rights(given)
    return estimates


def what_is_missing(given: Given) -> None:
    if given.problems:
        st.info(say("Correct the field that is marked. Then you see your estimate here."))
        return
    st.info(say("Tell how many hours of help you would need. Then you see your estimate here."))
    if given.rules and given.rules.scheme.value == "income_tested":
        st.markdown(
            say(
                "Income limit for a family of {household_size}: {income_limit} a month. If your income does not exceed it, the voucher is largest: {voucher_maximum} an hour on weekdays by day. Otherwise it is at first {voucher_minimum} an hour.",
                **figures(given.on, given.household_size),
            )
        )


# --- The answer ---------------------------------------------------------------------------------------------------


def answer(given: Given, main: Estimate) -> None:
    """The result in one plain sentence, as an alert that screen readers announce."""
    with st.container(key="answer"):
        if given.income is None and main.income_limit is not None:
            st.info(tell(answer_text(given, main)))
        else:
            st.success(tell(answer_text(given, main)))
    if given.month is not None:
        asked = next((p for p in main.periods if p.from_month <= given.month <= (p.to_month or given.month)), None)
        if asked is not None:
            st.markdown(
                say(
                    "You asked about month {month}: in it you pay {total}.",
                    month=given.month,
                    total=Money(asked.copayment_total),
                )
            )
    large = next((p for p in main.periods if is_large(p, given.income)), None)
    if large is not None:
        st.warning(
            say(
                "{total} a month is a large part of your income. You can ask for the payment to be lowered or waived: read more under “Your rights”.",
                total=Money(large.copayment_total),
            )
        )


def answer_text(given: Given, main: Estimate) -> Text:
    """The sentence for both periods."""
    first = main.periods[0]
    values: dict[str, Value] = {
        "first": first.from_month,
        "last": first.to_month or 0,
        "first_total": Money(first.copayment_total),
    }
    if len(main.periods) == 1:
        return Text("You would pay the provider {first_total} a month, in months {first}–{last}.", values)
    later = main.periods[1]
    values |= {"next": later.from_month, "later_total": Money(later.copayment_total)}
    if first.copayment_total == later.copayment_total == 0:
        return Text("You would pay the provider {first_total}: the voucher covers the whole price.", values)
    if given.income is None and main.income_limit is not None:
        values["limit"] = Money(main.income_limit, 0)
        return Text(
            "Without your income this is the most you would pay the provider: {first_total} a month in months {first}–{last}, and {later_total} a month from month {next} on. The income limit for your family is {limit} a month.",
            values,
        )
    return Text(
        "You would pay the provider {first_total} a month in months {first}–{last}, and {later_total} a month from month {next} on.",
        values,
    )


def side_by_side(providers: Sequence[Provider], estimates: Sequence[Estimate]) -> None:
    st.subheader(say("Voucher and the county’s own worker"), anchor=False)
    columns, rows = comparison(providers, estimates)
    table(columns, rows)
    st.caption(
        say(
            "With a voucher you choose the provider and pay it your share. If you refuse the voucher, the county arranges the service otherwise."
        )
    )


def comparison(providers: Sequence[Provider], estimates: Sequence[Estimate]) -> tuple[list[str], Rows]:
    """What each way costs the family a month."""
    periods = estimates[0].periods
    rows = []
    for provider, result in zip(providers, estimates):
        name = say("Voucher") if len(providers) == 1 else say("Voucher: {provider}", provider=provider.name)
        rows.append([name, *(number(Money(period.copayment_total)) for period in result.periods)])
    if periods[0].own_service_total is not None:
        rows.append(
            [
                say("County's own worker"),
                *(number(Money(p.own_service_total)) for p in periods if p.own_service_total is not None),
            ]
        )
    return [say("You pay a month"), *map(period_name, periods)], rows


def period_name(period: Period) -> str:
    if period.to_month is None:
        return say("From month {first} on", first=period.from_month)
    return say("Months {first}–{last}", first=period.from_month, last=period.to_month)


# --- Who pays, when -----------------------------------------------------------------------------------------------


def who_pays_what(case: Case, main: Estimate) -> None:
    st.subheader(say("Who pays what"), anchor=False)
    who_pays_chart({period_name(period): who_pays(case, period) for period in main.periods})
    table(*payers_table(case, main))


def payers_table(case: Case, main: Estimate) -> tuple[list[str], Rows]:
    """The provider's price of a month in its parts."""
    payers = [who_pays(case, period) for period in main.periods]
    rows = [
        [say("County pays"), *(number(Money(p.county)) for p in payers)],
        [say("Your share"), *(number(Money(p.family)) for p in payers)],
        [say("Your payment above the largest voucher"), *(number(Money(p.above_maximum)) for p in payers)],
        [say("Provider's whole price"), *(number(Money(p.price)) for p in payers)],
    ]
    return [say("Euros a month"), *map(period_name, main.periods)], rows


def by_time(case: Case, main: Estimate) -> None:
    st.subheader(say("An hour at each time"), anchor=False)
    for period in main.periods:
        st.markdown(f"**{period_name(period)}**")
        table(*bands_table(case, period))


def bands_table(case: Case, period: Period) -> tuple[list[str], Rows]:
    """Each time band with its hours a month, and its euros an hour."""
    bands = bands_of(case)
    columns = [say("Time and hours a month"), say("Price"), say("Voucher"), say("You pay")]
    rows = [
        [
            say("{band}: {hours}", band=band_name(fee.band, bands), hours=Hours(fee.hours)),
            number(Money(fee.price)),
            number(Money(fee.voucher)),
            number(Money(fee.copayment)),
        ]
        for fee in period.bands
    ]
    return columns, rows


def month_by_month(case: Case, main: Estimate) -> None:
    st.subheader(say("Month by month"), anchor=False)
    table(*months_table(main))
    change = next_rules_from(case)
    if change is not None:
        st.caption(say("The rules used here change on {date}. From then on the payment can be different.", date=change))


def months_table(main: Estimate) -> tuple[list[str], Rows]:
    """The first months, one a row."""
    shown = months(main)
    columns = [say("Month"), say("You pay"), say("Paid so far")]
    rows = [[number(m.number), number(Money(m.copayment)), number(Money(m.copayment_so_far))] for m in shown]
    return columns, rows


# --- What would change it -----------------------------------------------------------------------------------------


def what_if(case: Case, main: Estimate) -> None:
    st.subheader(say("If your income were different"), anchor=False)
    points = by_income(case)
    if points:
        income_chart(points, main)
        with st.expander(say("The same figures in a table: income")):
            table(*points_table(points, say("Family's income a month"), main, is_money=True))
    else:
        st.markdown(say("In these rules the family's income does not change the voucher."))
    st.subheader(say("If you had more or fewer hours"), anchor=False)
    points = by_hours(case)
    hours_chart(points)
    with st.expander(say("The same figures in a table: hours")):
        table(*points_table(points, say("Hours a month"), main, is_money=False))


def points_table(points: Sequence[Point], title: str, main: Estimate, *, is_money: bool) -> tuple[list[str], Rows]:
    """The figures of a curve; the family's own row is marked."""
    rows = []
    for point in points:
        at = number(Money(point.at)) if is_money else number(point.at)
        parts = [point.first] if point.later is None else [point.first, point.later]
        rows.append(
            [say("{value} (you are here)", value=at) if point.is_own else at, *(number(Money(p)) for p in parts)]
        )
    return [title, *map(period_name, main.periods)], rows


# --- Why, and what else to know -----------------------------------------------------------------------------------


def how_it_was_calculated(main: Estimate) -> None:
    st.subheader(say("How this was calculated"), anchor=False)
    with st.expander(say("Every step and its source")):
        st.markdown(
            "\n".join(
                f"1. {tell(step.text)}  \n   {source_name(step.source.id, Text(step.source.section))}"
                for step in main.steps
            )
        )


def source_name(source: str, section: Text | None) -> str:
    title = Text(rule_book().sources[source].title)
    if section is None:
        return say("Source: {title}", title=title)
    return say("Source: {title}, {section}", title=title, section=section)


def good_to_know(case: Case, main: Estimate) -> None:
    st.subheader(say("Good to know"), anchor=False)
    if main.rules_status != "confirmed":
        st.warning(
            say("The rules for {date} are not confirmed in every part. Ask the service coordinator.", date=case.on)
        )
    st.markdown("\n".join(f"- {tell(note.text)}" for note in main.notes))


def your_rights(given: Given) -> None:
    known = rights_of(given)
    if known:
        st.subheader(say("Your rights"), anchor=False)
        st.markdown("\n".join(f"- {tell(right.text)} {source_name(right.source, right.section)}." for right in known))


def rights_of(given: Given) -> tuple[Right, ...]:
    """The rights under the county's rules; those of an older authority are not known."""
    return rights(given.on) if given.rules and given.rules.scheme.value == "income_tested" else ()


def table(columns: list[str], rows: Rows) -> None:
    """A table whose every cell is ready to read."""
    st.table(pd.DataFrame(rows, columns=columns))


def hours_shown(given: Given) -> list[tuple[str, str]]:
    """The time bands and the hours of a month in each."""
    bands = given.rules.bands.value if given.rules else {}
    return [(tell(band_name(band, bands)), number(Hours(hours))) for band, hours in given.hours.items()]
