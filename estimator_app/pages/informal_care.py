"""The voucher for informal care: what it is worth, and what is deducted from the care fee."""

from __future__ import annotations

import streamlit as st

from core.errors import CoreError
from core.figures import contacts_on, figures
from core.informal_care import InformalCareCase, informal_care_voucher
from core.localisation import Text
from core.money import parse_euro
from core.ruleset import rule_book
from estimator_app.day import today
from estimator_app.words import say, tell

known = figures(today())

st.title(say("Voucher for informal care"))
st.markdown(
    say(
        "Do you care for someone close to you and get informal care support? Here you see what the voucher is worth each month."
    )
)

choices = {"leave": say("My statutory days off"), "fee": say("A part of my care fee")}
instead_of = st.radio(
    say("What does the voucher come instead of?"),
    choices,
    format_func=choices.__getitem__,
    key="kept_instead_of",
)
classes = {number: say("Fee class {number}", number=number) for number in (1, 2, 3)}
fee_class = st.radio(
    say("Fee class in your decision"),
    classes,
    format_func=classes.__getitem__,
    horizontal=True,
    key="kept_fee_class",
)
typed = ""
if instead_of == "fee":
    typed = st.text_input(
        say("Value of the voucher a month, in euros"),
        help=say("At most {informal_care_maximum} a month.", **known),
        key="kept_voucher_value",
    )

if instead_of == "leave" or typed:
    try:
        value = parse_euro(typed, "voucher_value") if typed else None
        voucher = informal_care_voucher(InformalCareCase(today(), fee_class, instead_of, value))
    except CoreError as error:
        allowed = getattr(error, "allowed", error.text)
        st.error(say("This amount does not do. Allowed: {allowed}", allowed=allowed))
    else:
        value_step, deduction_step, *_ = voucher.steps
        st.success(f"{tell(value_step.text)} {tell(deduction_step.text)}")
        st.header(say("How this was worked out"))
        sources = rule_book().sources
        for step in voucher.steps:
            source = say(
                "Source: {title}, {section}",
                title=Text(sources[step.source.id].title),
                section=Text(step.source.section),
            )
            st.markdown(f"- {tell(step.text)}  \n  {source}")
        st.header(say("Good to know"))
        for note in voucher.notes:
            st.markdown(f"- {tell(note.text)}")
else:
    st.info(say("Write the value of the voucher, and you see what is deducted from your care fee."))

st.header(say("Days off"))
st.markdown(
    say(
        "A carer who is bound to the care for at least half of the month has days off. Days off a month: {informal_care_leave_days}. They are used within the calendar year. This is from an older page of Jyväskylä and not confirmed.",
        **known,
    )
)

st.header(say("How to apply for informal care support"))
st.markdown(
    say(
        "You can begin with the self-assessment in Omaolo. It estimates whether you could get the support. You can apply whatever it says."
    )
)
st.link_button(say("Open Omaolo"), contacts_on(today()).self_assessment.value)
