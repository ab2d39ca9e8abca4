"""The pages there are, in the order in which they are offered."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from core.localisation import Language, Text, render

PAGES_FOLDER: Final = Path(__file__).resolve().parent / "pages"
SERVICE: Final = Text("Home help guide")

PageName = Literal["estimator", "chat", "apply", "informal-care", "privacy", "accessibility", "staff"]
Place = Literal["top", "bottom"]


class Entry(Struct, frozen=True):
    """A page: its path on the site, its title, and whether it is offered at the top or at the bottom."""

    name: PageName
    path: str
    title: Text
    place: Place

    @property
    def file(self) -> Path:
        return PAGES_FOLDER / f"{self.name.replace('-', '_')}.py"


SITE: Final[tuple[Entry, ...]] = (
    Entry("estimator", "", Text("Estimate the price"), "top"),
    Entry("chat", "chat", Text("Ask the assistant"), "top"),
    Entry("apply", "apply", Text("How to apply"), "top"),
    Entry("informal-care", "informal-care", Text("Voucher for informal care"), "top"),
    Entry("privacy", "privacy", Text("Privacy"), "bottom"),
    Entry("accessibility", "accessibility", Text("Accessibility statement"), "bottom"),
    Entry("staff", "staff", Text("For staff"), "bottom"),
)


def page_title(entry: Entry, language: Language) -> str:
    """The page's title in the browser: what the page is for, then whose it is."""
    return f"{render(entry.title, language)} – {render(SERVICE, language)}"
