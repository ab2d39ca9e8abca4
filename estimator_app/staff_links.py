"""What staff put on the county's site: links, iframe and widget snippets, QR codes."""

from __future__ import annotations

import html
import io
import os
from urllib.parse import urlencode

import segno

from core.handoff import Handoff, to_query
from estimator_app.sitemap import Entry


def link(entry: Entry, handoff: Handoff, *, embedded: bool = False) -> str:
    """The address of a page, filled in. Only the estimator takes more than the language."""
    query = to_query(handoff) if entry.name == "estimator" else urlencode({"lang": handoff.language})
    address = f"{public_address()}/{entry.path}?{query}"
    return f"{address}&embed=true" if embedded else address


def iframe(address: str, title: str, language: str) -> str:
    """A snippet that shows a page inside another."""
    return (
        f'<iframe src="{html.escape(address)}" title="{html.escape(title)}" lang="{language}" '
        'width="100%" height="900" style="border: 0"></iframe>'
    )


def widget(language: str) -> str:
    """A snippet that puts the chat into the corner of another page."""
    return (
        f'<script src="{html.escape(public_address())}/chat-widget.js" '
        f'data-assistant="{html.escape(os.environ.get("ASSISTANT_URL", "http://localhost:5005"))}" '
        f'data-estimator="{html.escape(public_address())}" data-lang="{language}" defer></script>'
    )


def qr_code(address: str) -> str:
    """The address as a QR code: an SVG image that can be printed in any size."""
    written = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        written, kind="svg", scale=6, border=4, dark="#00357a", xmldecl=False
    )
    return written.getvalue().decode()


def public_address() -> str:
    """Where families reach the pages."""
    return os.environ.get("ESTIMATOR_URL", "http://localhost:8501").rstrip("/")
