"""The page's language and its sentences."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.localisation import DEFAULT_LANGUAGE, LANGUAGES, Language, Text, Value, language_of, render

OFFERED: Final[tuple[Language, ...]] = (
    "fi",
    "sv",
)  # English is the source text: only for those who ask for it in the link

LANGUAGE_NAMES: Final[dict[Language, str]] = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}


def language() -> Language:
    """The language of this session: the link's `?lang=`, else what it was before, else the browser's, else Finnish."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        st.session_state["language"] = asked
    elif "language" not in st.session_state:
        st.session_state["language"] = preferred_language(st.context.headers.get("Accept-Language"))
    chosen: Language = st.session_state["language"]
    return chosen


def say(message: str, **values: Value) -> str:
    """The sentence with this English source, in the page's language."""
    return render(Text(message, values), language())


def tell(text: Text) -> str:
    """A sentence that `core` made, in the page's language."""
    return render(text, language())


def preferred_language(accepted: str | None) -> Language:
    """The first of our languages among those that a browser's Accept-Language names; Finnish when it names none.

    >>> preferred_language("de, sv-FI;q=0.7, fi;q=0.3"), preferred_language("en-US,en;q=0.9"), preferred_language(None)
    ('sv', 'fi', 'fi')
    """
    weighed: list[tuple[float, Language]] = []
    for part in (accepted or "").split(","):
        tag, _, parameters = part.partition(";")
        code = tag.strip().lower().split("-")[0]
        if code in OFFERED:
            weighed.append((_weight(parameters), language_of(code)))
    return max(weighed, key=lambda pair: pair[0], default=(0.0, DEFAULT_LANGUAGE))[1]


def _weight(parameters: str) -> float:
    name, _, number = parameters.strip().partition("=")
    try:
        return float(number) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
