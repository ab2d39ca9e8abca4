"""Writes the chat widget for the county's site."""

from __future__ import annotations

from pathlib import Path


def write_widget(folder: Path) -> None:
    """Write chat-widget.js and its example pages into `folder`."""
