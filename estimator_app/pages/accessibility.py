"""The accessibility statement that the Act on the Provision of Digital Services asks for."""

from __future__ import annotations

import streamlit as st

from core.figures import contact_figures, contacts_on
from core.localisation import Name, Text
from core.ruleset import rule_book
from estimator_app.contact import contact_route
from estimator_app.day import today
from estimator_app.words import say, tell

contacts = contacts_on(today())
source = rule_book().sources["digital_services_act"]
law = Text(source.title)

st.title(say("Accessibility statement"))
st.markdown(
    say(
        "This statement is about the Home help guide: its pages and its assistant. The wellbeing services county of Central Finland publishes it. The {law} asks for it.",
        law=law,
    )
)

st.header(say("How accessible the service is"))
st.markdown(
    say("The service aims to meet all requirements of the levels A and AA of the accessibility guidelines WCAG 2.2.")
)
st.markdown(
    "\n".join(
        f"- {line}"
        for line in (
            say("It works with the keyboard alone, and its parts have names for screen readers."),
            say("It works on a phone and when the text is enlarged to four times its size."),
            say("Colours are never the only way to tell something, and their contrast is sufficient."),
            say("Every chart is there as a table, too."),
        )
    )
)

st.header(say("What is not accessible yet"))
st.markdown(
    "\n".join(
        f"- {line}"
        for line in (
            say("The pages need JavaScript."),
            say("The buttons beside a number field are not reached with the Tab key. The arrow keys do the same."),
            say("The service has not been tested yet with people who use assistive technology every day."),
        )
    )
)

st.header(say("How this was found out"))
st.markdown(
    say(
        "The makers of the service assessed it themselves: with automatic tests of every page in Finnish and in Swedish, in normal and in small windows, and by using it with the keyboard."
    )
)

st.header(say("Did you notice something?"))
feedback = contacts.accessibility_feedback.value
if feedback:
    st.markdown(say("Tell us: {address}", address=Name(feedback)))
else:
    st.markdown(
        say("The county has not named an address for this feedback here yet. Until then, tell the service coordinator.")
    )
    for line in contact_route(today()):
        st.markdown(tell(line))
st.markdown(say("You get an answer. Days you wait at most: {accessibility_reply_days}.", **contact_figures(today())))

st.header(say("Supervision"))
st.markdown(
    say(
        "If you are not content with the answer, or get none, you can turn to the Finnish Transport and Communications Agency Traficom. It supervises the accessibility of digital services."
    )
)
st.link_button(say("Open the supervisor's website"), contacts.accessibility_supervisor.value)
