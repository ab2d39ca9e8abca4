"""The estimator: what home help would cost this family, over the months, why, and what to do next."""

from __future__ import annotations

import streamlit as st

from estimator_app.estimate_inputs import inputs
from estimator_app.estimate_results import results
from estimator_app.estimate_summary import take_with_you
from estimator_app.words import say

st.title(say("What would home help cost?"), anchor=False)
st.markdown(
    say(
        "Fill in what you know: the estimate follows at once. It is an estimate, not a decision. What you type is not stored."
    )
)
fields, outcome = st.columns([5, 7], gap="large")
with fields:
    given = inputs()
with outcome:
    estimates = results(given)
    take_with_you(given, estimates)
