"""Writes the chat widget for the county's site, and an example page that holds it, with the catalogs' texts."""

from __future__ import annotations

import html
import json
import os
import shutil
from datetime import date
from pathlib import Path
from string import Template
from typing import Final

from core.localisation import LANGUAGES, Language, Text, render
from estimator_app.contact import contact_route, danger
from estimator_app.sitemap import SERVICE

STATIC: Final = Path(__file__).resolve().parent / "static"
SCRIPT: Final = "chat-widget.js"
STYLE: Final = "widget-example.css"
EXAMPLES: Final[dict[Language, str]] = {"fi": "widget-example.html", "sv": "widget-example-sv.html"}
_PLACE: Final = '"@texts"'

TEXTS: Final[dict[str, Text]] = {
    "title": SERVICE,
    "open": Text("Ask about home service"),
    "close": Text("Close"),
    "log": Text("Conversation"),
    "write": Text("Write your question"),
    "send": Text("Send"),
    "you": Text("You"),
    "they": Text("The assistant"),
    "waiting": Text("The assistant is writing …"),
    "newTab": Text("opens in a new tab"),
}
SILENT: Final = Text("The assistant does not answer just now. You can try again in a moment, or ask a person.")


def write_widget(folder: Path) -> None:
    """Write the script, the example pages and their style into `folder`.

    ASSISTANT_URL and ESTIMATOR_URL say where the example finds both. Raises ValueError when the script has no one place
    for its texts.
    """
    script = (STATIC / SCRIPT).read_text(encoding="ascii")
    if script.count(_PLACE) != 1:
        raise ValueError(f"{SCRIPT} holds {_PLACE} {script.count(_PLACE)} times, must hold it once")
    texts = json.dumps(widget_texts(date.today()))  # ASCII, whatever the encoding of the page that loads it
    (folder / SCRIPT).write_text(script.replace(_PLACE, texts), encoding="ascii")
    shutil.copyfile(STATIC / STYLE, folder / STYLE)
    for language, name in EXAMPLES.items():
        (folder / name).write_text(example_page(language), encoding="utf-8")


def widget_texts(on: date) -> dict[Language, dict[str, str]]:
    """The script's texts by language. `silent` is several lines: the assistant does not answer, whom to call instead."""
    silent = [SILENT, *contact_route(on), danger(on)]
    return {
        language: {
            **{name: render(text, language) for name, text in TEXTS.items()},
            "silent": "\n".join(render(text, language) for text in silent),
        }
        for language in LANGUAGES
    }


def example_page(language: Language) -> str:
    """A page such as the county's own, with the widget in its corner."""
    (other,) = EXAMPLES.keys() - {language}
    texts = {
        "title": render(Text("Example: the assistant on another site"), language),
        "explanation": render(
            Text(
                "This page shows how the assistant looks on the website of the wellbeing services county. "
                "Its button is in the lower corner."
            ),
            language,
        ),
        "try_it": render(Text("Nothing is sent or stored before you open the assistant."), language),
        # Translators: name the language that you write in, "suomeksi" or "på svenska".
        "other": render(Text("This page in English"), other),
        "lang": language,
        "other_lang": other,
        "other_file": EXAMPLES[other],
        "assistant": os.environ.get("ASSISTANT_URL", "http://localhost:5005").rstrip("/"),
        "estimator": os.environ.get("ESTIMATOR_URL", "http://localhost:8501").rstrip("/"),
    }
    template = Template((STATIC / "widget-example.html").read_text(encoding="utf-8"))
    return template.substitute({name: html.escape(text, quote=True) for name, text in texts.items()})
