"""The day that the pages reckon with: today, or the day that staff preview."""

from __future__ import annotations

from datetime import date

import streamlit as st

_PREVIEW = "preview_day"


def today() -> date:
    """The day whose rules the pages show."""
    return previewed() or date.today()


def previewed() -> date | None:
    """The day that staff chose to preview, in this session only."""
    day: date | None = st.session_state.get(_PREVIEW)
    return day


def preview(day: date | None) -> None:
    """Reckon with `day` until the session ends; None: with today again."""
    st.session_state[_PREVIEW] = day
