"""For staff: links and snippets for the county's site, a look at the rules of another day, and the state of the rules."""

from __future__ import annotations

import base64
from decimal import Decimal

import streamlit as st

from core.handoff import Handoff, parse_date
from core.income import LARGEST_HOUSEHOLD
from core.localisation import show
from core.rule_check import check
from estimator_app import day
from estimator_app.rule_table import COLUMNS, has_rules, rule_tables
from estimator_app.sitemap import SITE, page_title
from estimator_app.staff_links import iframe, link, qr_code, widget
from estimator_app.words import LANGUAGE_NAMES, OFFERED, language, say, tell

st.title(say("For staff"))

st.header(say("Link to a page"))
chosen_language = st.radio(
    say("Language of the link"),
    OFFERED,
    format_func=LANGUAGE_NAMES.__getitem__,
    horizontal=True,
    key="kept_link_language",
)
entry = st.selectbox(say("Page"), SITE, format_func=lambda entry: tell(entry.title), key="kept_link_page")
handoff = Handoff(chosen_language)
if entry.name == "estimator":
    size = st.selectbox(
        say("Household size"),
        range(1, LARGEST_HOUSEHOLD + 1),
        index=None,
        placeholder=say("Not in the link"),
        key="kept_link_size",
    )
    hours = st.number_input(
        say("Hours a month on weekdays by day"),
        min_value=0,
        max_value=744,
        value=0,
        help=say("Zero hours are not put into the link."),
        key="kept_link_hours",
    )
    typed = st.text_input(
        say("Starting date"),
        placeholder="2026-01-01",
        help=say("Year, month and day, such as {example}.", example="2026-01-01"),
        key="kept_link_date",
    )
    on = parse_date(typed.strip())
    if typed and on is None:
        st.error(
            say("This date was not understood. Write year, month and day, such as {example}.", example="2026-01-01")
        )
    handoff = Handoff(chosen_language, size, {"weekday_day": Decimal(hours)} if hours else {}, None, on)

address = link(entry, handoff)
st.subheader(say("Address"))
st.code(address, language=None, wrap_lines=True)
st.subheader(say("Inside another page"))
st.code(
    iframe(link(entry, handoff, embedded=True), page_title(entry, chosen_language), chosen_language),
    language=None,
    wrap_lines=True,
)
st.subheader(say("Chat in the corner of another page"))
st.code(widget(chosen_language), language=None, wrap_lines=True)
st.subheader(say("QR code"))
picture = qr_code(address)
encoded = base64.b64encode(picture.encode()).decode()
described = say("QR code")
st.html(f'<img class="qr-code" alt="{described}" src="data:image/svg+xml;base64,{encoded}">')
st.download_button(say("Save the QR code"), picture, "qr.svg", "image/svg+xml")

st.header(say("Rules of another day"))
st.markdown(say("Choose a day to see how the pages look with its rules. Only you see this, until you close the page."))
typed = st.text_input(
    say("Day to preview"),
    key="typed_preview",
    placeholder="2026-01-01",
    help=say("Year, month and day, such as {example}.", example="2026-01-01"),
)
if st.button(say("Preview this day"), key="show_preview"):
    previewed = parse_date(typed.strip())
    if previewed is None:
        st.error(
            say("This date was not understood. Write year, month and day, such as {example}.", example="2026-01-01")
        )
    elif not has_rules(previewed):
        st.error(say("There are no rules for {date}.", date=previewed))
    else:
        day.preview(previewed)
        st.rerun()
if day.previewed() and st.button(say("Back to today")):
    day.preview(None)
    st.rerun()

st.header(say("State of the rules"))
faults = check()
if faults:
    st.error(say("The rule data has faults: {count}", count=len(faults)))
    st.code("\n".join(faults), language=None, wrap_lines=True)
else:
    st.success(say("The rule data was checked and has no faults."))
st.markdown(say("Rules in force on {date}.", date=day.today()))
columns = [tell(column) for column in COLUMNS]
for group, rows in rule_tables(day.today()):
    st.subheader(tell(group))
    shown = [[show(value, language()) for value in row] for row in rows]
    with st.container(key=f"wide_table_{group.message}"):
        st.table({column: [row[place] for row in shown] for place, column in enumerate(columns)})
