from __future__ import annotations

import streamlit as st

from estimator_app.words import say

st.title(say("Ask the assistant"))
