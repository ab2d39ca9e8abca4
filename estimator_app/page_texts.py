"""What Streamlit itself shows or reads aloud in English, in our languages; `static/page.js` puts it in place.

The keys are Streamlit's own words, exactly.
"""

from __future__ import annotations

from typing import Final

from core.localisation import LANGUAGES, Language, Text, render

NOSCRIPT: Final = Text("This page needs JavaScript. Please allow it in your browser.")

# Names and texts that are always the same.
STREAMLIT_WORDS: Final[dict[str, Text]] = {
    "Connection error": Text("The connection was lost"),
}


def page_texts() -> dict[Language, dict[str, str]]:
    """Our words for Streamlit's, by language."""
    return {language: {theirs: render(ours, language) for theirs, ours in STREAMLIT_WORDS.items()} for language in LANGUAGES}
