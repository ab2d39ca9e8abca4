"""What Streamlit itself shows or reads aloud in English, and our words for it; `static/page.js` puts them in place."""

from __future__ import annotations

from typing import Final

from core.localisation import LANGUAGES, Language, Name, Text, render

NOSCRIPT: Final = Text("This page needs JavaScript. Please allow it in your browser.")

# Streamlit's own words, exactly, as shown, as an accessible name or as a tooltip.
WORDS: Final[dict[str, Text]] = {
    "Choose an option": Text("Choose"),
    "Choose options": Text("Choose one or more"),
    "No results": Text("Nothing found"),
    "No options to select": Text("Nothing to choose from"),
    "No options to select.": Text("Nothing to choose from"),
    "Clear value": Text("Clear"),
    "Clear all": Text("Clear all"),
    "open": Text("Open"),
    "Press Enter to apply": Text("Press Enter to go on"),
    "Press Enter to submit form": Text("Press Enter to send"),
    "Press Ctrl+Enter to apply": Text("Press Ctrl and Enter to go on"),
    "Press ⌘+Enter to apply": Text("Press ⌘ and Enter to go on"),
    "Send message": Text("Send the message"),
    "Chat message from user": Text("You"),
    "Chat message from assistant": Text("The assistant"),
    "visualization": Text("Chart"),
    "Show data": Text("Show as a table"),
    "Show chart": Text("Show as a chart"),
    "Fullscreen": Text("Full screen"),
    "Close fullscreen": Text("Close full screen"),
    "Copy to clipboard": Text("Copy"),
    "Copied": Text("Copied"),
    "Copied to clipboard": Text("Copied"),
    "Close": Text("Close"),
    "Running...": Text("One moment"),
    "Please wait...": Text("One moment"),
    "Connection error": Text("The connection was lost"),
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": Text(
        "The page does not get an answer from its server just now. It tries again by itself. If this goes on, reload the page."
    ),
    "Page not found": Text("There is no such page"),
}

# Texts that `static/page.js` sets itself, or finds by what they begin with. `%` stands for a part that it fills in.
NAMES: Final[dict[str, Text]] = {
    "skip": Text("Skip to the content"),
    "navigation": Text("Pages"),
    "footer": Text("More pages"),
    "languages": Text("Language"),
    "conversation": Text("Conversation"),
    "wide_table": Text("Table that scrolls sideways"),
    "less": Text("Less: {label}", {"label": Name("%")}),
    "more": Text("More: {label}", {"label": Name("%")}),
    "help": Text("Help: {label}", {"label": Name("%")}),
    "chosen": Text("{label} – chosen: {value}", {"label": Name("%1"), "value": Name("%2")}),
    "page_missing": Text("The page that you asked for does not exist. This is the front page."),
    "server_silent": Text(
        "The page does not get an answer from its server just now. It tries again by itself. If this goes on, reload the page."
    ),
}


def page_texts() -> dict[Language, dict[str, dict[str, str]]]:
    """Both by language, as `static/page.js` reads them."""
    return {
        language: {
            "words": {theirs: render(ours, language) for theirs, ours in WORDS.items()},
            "names": {key: render(text, language) for key, text in NAMES.items()},
        }
        for language in LANGUAGES
    }
