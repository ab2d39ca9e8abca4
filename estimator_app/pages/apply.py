"""How to apply, by municipality, and how to reach the service coordinator."""

from __future__ import annotations

import streamlit as st

from core.figures import contact_figures, contacts_on
from core.localisation import Name
from estimator_app.contact import contact_route, danger
from estimator_app.day import today
from estimator_app.words import say, tell

contacts = contacts_on(today())
figures = contact_figures(today())

st.title(say("How to apply"))
st.markdown(
    say(
        "You can apply by telephone, in writing, or online in some municipalities. You do not need to know what you are entitled to: the coordinator goes through it with you."
    )
)

municipality = st.selectbox(
    say("Where do you live?"),
    contacts.municipalities.value,
    index=None,
    placeholder=say("Choose your municipality"),
    key="kept_municipality",
)
if municipality in contacts.online_municipalities.value:
    st.success(
        say(
            "{municipality}: you can apply online in Omapalvelu, or by telephone, or in writing.",
            municipality=Name(municipality),
        )
    )
elif municipality:
    st.info(
        say(
            "{municipality}: you can apply by telephone or in writing. Online application is not available there.",
            municipality=Name(municipality),
        )
    )

st.header(say("By telephone"))
for line in contact_route(today(), municipality):
    st.markdown(tell(line))
st.markdown(say("It helps to have these at hand:"))
st.markdown(
    "\n".join(
        f"- {line}"
        for line in (
            say("Who lives in your household."),
            say("What has made everyday life hard, and since when."),
            say("What kind of help you wish for, on which days and at what time."),
            say("Your income and the income of your spouse or partner, before tax, if you want to tell it."),
        )
    )
)

st.header(say("Online"))
st.markdown(
    say(
        "Online application is in Omapalvelu, in these municipalities: {online_municipalities}. You need strong identification, for example bank codes.",
        **figures,
    )
)

st.header(say("In writing"))
st.markdown(say("You can also apply in writing. Ask the service coordinator where to send the application."))

st.header(say("What happens then"))
st.markdown(
    "\n".join(
        f"1. {line}"
        for line in (
            say("An official of the county assesses together with you what you need, by telephone or at your home."),
            say("You get a decision in writing. If you disagree, you can ask for a review."),
            say(
                "If you get a service voucher, you choose the provider yourself from the register {provider_register}.",
                **figures,
            ),
        )
    )
)
st.warning(tell(danger(today())))
