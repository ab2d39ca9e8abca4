"""The estimator's charts. Each has a sentence as its accessible name, and its figures also stand in a table beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st
from altair.utils.schemapi import disable_debug_mode
from babel.numbers import get_decimal_symbol, get_group_symbol

from core.bands import band_name
from core.fees import Estimate
from core.localisation import LOCALES, Hours, Money, Text, Value, show
from core.outlook import Payers
from core.ruleset import BANDS, WEEKDAYS, Band, BandRule
from core.visits import Visit
from core.weekly import WEEKDAY_NAMES, pieces_of_week, visit_text
from core.whatif import Point
from estimator_app.words import language, say, tell

disable_debug_mode()  # checking every part of every chart would double the time that a page takes

INK: Final = "#212121"
LINES: Final = "#5f686d"
COUNTY: Final = "#00357a"
FAMILY: Final = "#5b9bd5"
ABOVE: Final = "#ae332d"
BAND_COLOURS: Final[dict[Band, str]] = {
    "weekday_day": "#5b9bd5",
    "weekday_evening": "#235a9a",
    "saturday_day": "#00563f",
    "night": "#212121",
    "sunday": "#ae332d",
}
TEXT_SIZE: Final = 14


def draw(chart: alt.Chart | alt.LayerChart | alt.FacetChart, description: str, height: int) -> None:
    """Show a chart under a sentence as its name, in the page's number format and without Streamlit's own look."""
    locale = LOCALES[language()]
    shown = chart.properties(
        width="container",
        height=height,
        description=description,
        background="transparent",
        usermeta={
            "embedOptions": {
                "actions": False,
                "formatLocale": {
                    "decimal": get_decimal_symbol(locale),
                    "thousands": get_group_symbol(locale),
                    "grouping": [3],
                    "currency": ["", "\u00a0€"],
                },
            }
        },
    ).configure(
        font="Source Sans, sans-serif",
        axis=alt.AxisConfig(
            aria=False,
            labelColor=INK,
            titleColor=INK,
            labelFontSize=TEXT_SIZE,
            titleFontSize=TEXT_SIZE,
            titleFontWeight="normal",
            domainColor=LINES,
            tickColor=LINES,
            gridColor="#e4e4e4",
        ),
        legend=alt.LegendConfig(
            aria=False,
            labelColor=INK,
            labelFontSize=TEXT_SIZE,
            orient="bottom",
            columns=1,
            labelLimit=300,
            title=None,
            symbolSize=300,
            symbolStrokeWidth=3,
        ),
        view=alt.ViewConfig(stroke=None),
    )
    st.altair_chart(shown, theme=None)


def who_pays_chart(periods: Mapping[str, Payers]) -> None:
    """One stacked bar for each period: what the county pays, the family's share, and the price above the maximum."""
    parts = {
        say("County pays"): ([payers.county for payers in periods.values()], COUNTY),
        say("Your share"): ([payers.family for payers in periods.values()], FAMILY),
    }
    if any(payers.above_maximum for payers in periods.values()):
        parts[say("Above the voucher")] = [payers.above_maximum for payers in periods.values()], ABOVE
    rows = [
        {"period": period, "payer": name, "order": order, "euros": float(euros)}
        for order, (name, (amounts, _)) in enumerate(parts.items())
        for period, euros in zip(periods, amounts)
    ]
    colours = [colour for _, colour in parts.values()]
    told: list[Value] = [
        Text(
            "{period}: the county pays {county}, you pay {family} a month",
            {"period": period, "county": Money(payers.county), "family": Money(payers.family + payers.above_maximum)},
        )
        for period, payers in periods.items()
    ]
    # The name of a period stands above its bar: on a phone there is no room beside it.
    y = alt.Y("period:N", sort=list(periods), axis=None)
    bars = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(aria=False, stroke="white", strokeWidth=2, height={"band": 0.4})
        .encode(
            x=alt.X("euros:Q", stack="zero", title=say("Euros a month"), axis=alt.Axis(format="$,.0f", tickCount=4)),
            y=y,
            color=alt.Color("payer:N", scale=alt.Scale(domain=list(parts), range=colours)),
            order="order:Q",
        )
    )
    names = (
        alt.Chart(pd.DataFrame({"period": list(periods)}))
        .mark_text(aria=False, align="left", baseline="bottom", dy=-16, fontSize=TEXT_SIZE, color=INK)
        .encode(x=alt.value(0), y=y, text="period:N")
    )
    height = 60 * len(periods) + 70 + 22 * len(parts)
    draw(alt.layer(bars, names), say("Bar chart: who pays the provider. {periods}.", periods=told), height)


def income_chart(points: Sequence[Point], estimate: Estimate) -> None:
    """The payment over the family's income, with the step at the income limit."""
    if estimate.income_limit is None:
        return
    own = next((point for point in points if point.is_own), None)
    limit = Money(estimate.income_limit, 0)
    if own is None:
        description = say(
            "Line chart: your payment over the income. It rises at the income limit of {limit}.", limit=limit
        )
    else:
        description = say(
            "Line chart: your payment over the income. It rises at the income limit of {limit}. You are here: income {income}, payment {first} a month at first.",
            limit=limit,
            income=Money(own.at),
            first=Money(own.first),
        )
    rule = (
        alt.Chart(pd.DataFrame([{"at": float(estimate.income_limit)}]))
        .mark_rule(aria=False, color=LINES, strokeDash=[4, 4])
        .encode(x="at:Q")
    )
    axis = alt.Axis(format="$,.0f", tickCount=4)
    draw(alt.layer(rule, *curves(points, say("Family's income a month"), axis, own)), description, 330)


def hours_chart(points: Sequence[Point]) -> None:
    """The payment over the hours of a month."""
    own = next(point for point in points if point.is_own)
    description = say(
        "Line chart: your payment over the hours a month. You are here: {hours}, payment {first} a month at first.",
        hours=Hours(own.at),
        first=Money(own.first),
    )
    axis = alt.Axis(format=",.0f", tickCount=5)
    draw(alt.layer(*curves(points, say("Hours a month"), axis, own)), description, 330)


def curves(points: Sequence[Point], title: str, axis: alt.Axis, own: Point | None) -> list[alt.Chart]:
    """The lines of the first months and of the time after, and a mark where the family is."""
    first, later = say("First months"), say("After that")
    rows = [{"at": float(p.at), "euros": float(p.first), "when": first} for p in points]
    rows += [{"at": float(p.at), "euros": float(p.later), "when": later} for p in points if p.later is not None]
    x = alt.X("at:Q", title=title, axis=axis, scale=alt.Scale(nice=False))
    y = alt.Y("euros:Q", title=say("You pay a month"), axis=alt.Axis(format="$,.0f", tickCount=5))
    names = [first, later] if points[0].later is not None else [first]
    lines = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(aria=False, strokeWidth=3)
        .encode(
            x=x,
            y=y,
            color=alt.Color("when:N", scale=alt.Scale(domain=names, range=[ABOVE, COUNTY][: len(names)])),
            strokeDash=alt.StrokeDash("when:N", scale=alt.Scale(domain=names, range=[[1, 0], [8, 4]][: len(names)])),
        )
    )
    if own is None:
        return [lines]
    here = [{"at": float(own.at), "euros": float(part)} for part in (own.first, own.later) if part is not None]
    marks = (
        alt.Chart(pd.DataFrame(here))
        .mark_point(aria=False, size=140, filled=True, color=INK, opacity=1)
        .encode(x=x, y=y)
    )
    is_left = own.at * 2 < points[-1].at  # the words stand on the side where there is room
    here_is = alt.Chart(pd.DataFrame(here[:1])).encode(x=x, y=y)
    look: dict[str, Any] = {
        "aria": False,
        "align": "left" if is_left else "right",
        "dx": -8 if is_left else 8,
        "dy": -16,
        "fontSize": TEXT_SIZE,
        "fontWeight": "bold",
        "text": say("You are here"),
    }
    halo, words = here_is.mark_text(**look, stroke="white", strokeWidth=5), here_is.mark_text(**look, color=INK)
    return [lines, marks, halo, words]


def week_picture(visits: Sequence[Visit], bands: Mapping[Band, BandRule]) -> None:
    """The visits on a small week, coloured by time band."""
    days = [tell(WEEKDAY_NAMES[day]) for day in WEEKDAYS]
    pieces = pieces_of_week(visits, bands)
    names = {band: tell(band_name(band, bands)) for band in BANDS if any(piece.band == band for piece in pieces)}
    rows: list[dict[str, Any]] = [
        {
            "day": tell(WEEKDAY_NAMES[piece.weekday]),
            "start": piece.start / 60,
            "end": piece.end / 60,
            "band": names[piece.band],
        }
        for piece in pieces
    ]
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(aria=False, stroke="white")
        .encode(
            x=alt.X("day:N", sort=days, title=None, scale=alt.Scale(domain=days), axis=alt.Axis(labelAngle=0)),
            y=alt.Y(
                "start:Q",
                title=None,
                scale=alt.Scale(domain=[24, 0], nice=False),
                axis=alt.Axis(values=[0, 6, 12, 18, 24], format=".0f"),
            ),
            y2="end:Q",
            color=alt.Color(
                "band:N", scale=alt.Scale(domain=list(names.values()), range=[BAND_COLOURS[band] for band in names])
            ),
        )
    )
    shown: list[Value] = [visit_text(visit) for visit in visits]
    draw(chart, say("Picture of the week. Visits: {visits}.", visits=shown), 190 + 22 * len(names))


def number(value: Value) -> str:
    """A value in the page's language."""
    return show(value, language())
