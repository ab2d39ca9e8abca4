"""Privacy: what is kept, where and for how long."""

from __future__ import annotations

import streamlit as st

from estimator_app.words import say

st.title(say("Privacy"))
st.markdown(
    say(
        "You can use this service without telling who you are. It does not ask for your name, address or identity code."
    )
)

st.header(say("What you tell the assistant"))
st.markdown(
    "\n".join(
        f"- {line}"
        for line in (
            say(
                "Your messages go to this service's own server only. They are not passed on, and not used for training a model."
            ),
            say(
                "If you write an identity code, a telephone number, an e-mail address or an account number by mistake, it is taken out before anything else reads your message."
            ),
            say(
                "The conversation is kept in memory only, not on disk. It disappears from your view when you clear it or close the page."
            ),
        )
    )
)
st.header(say("What you write into the estimate"))
st.markdown(
    "\n".join(
        f"- {line}"
        for line in (
            say(
                "Your income and all else that you write stays in memory while the page is open, and is then forgotten."
            ),
            say("Your income is never in a link, in a log or in statistics."),
            say("Nothing that you write here goes to the service coordinator. You decide what you tell."),
        )
    )
)
st.header(say("Cookies and other websites"))
st.markdown(
    "\n".join(
        f"- {line}"
        for line in (
            say("The pages use one cookie. It protects the connection and says nothing about you."),
            say("There is no analytics and no advertising, and nothing is loaded from other websites."),
            say("Links to other services open them in a new window. They have privacy notices of their own."),
        )
    )
)
st.header(say("Who is responsible"))
st.markdown(
    say(
        "The wellbeing services county of Central Finland is responsible for this service and for how it handles what you write."
    )
)
