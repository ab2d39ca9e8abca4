"""Looking at a page as a browser shows it: when it is drawn, what it says, what axe-core finds."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

NORMAL, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)
WCAG_AND_BEST_PRACTICE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Words that no Finnish or Swedish sentence holds.
ENGLISH = re.compile(
    r"\b(the|you|your|with|this|that|from|which|what|please|of|and|chosen|open|close|help for)\b", re.IGNORECASE
)


def leaves(url: str, site: str) -> bool:
    """Whether a request goes to another server than the site's."""
    return urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).netloc != urlsplit(site).netloc


def settle(page: Page) -> None:
    """Wait until the page's script has run and what it shows is drawn."""
    expect(page.locator(".stMain h1").first).to_be_visible(timeout=60_000)
    expect(page.locator('[data-testid="stApp"]')).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=60_000
    )
    expect(page.locator('[data-stale="true"], [data-testid="stSkeleton"]')).to_have_count(0, timeout=60_000)
    expect(page.locator('[data-testid^="stNumberInputStep"]:not([aria-label])')).to_have_count(0, timeout=60_000)
    page.wait_for_function(
        """() => document.fonts.ready.then(
            () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))"""
    )


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and against good practice, a line each.

    Colours are measured once everything has faded in.
    """
    page.wait_for_function(
        """() => document.getAnimations().every(animation =>
            animation.playState !== "running" || animation.effect.getComputedTiming().endTime === Infinity)"""
    )
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG_AND_BEST_PRACTICE}})
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def said(page: Page) -> list[str]:
    """Every line that the page shows, and every name, tooltip and placeholder that it reads aloud or shows on demand."""
    shown: str = page.evaluate("() => document.body.innerText")
    named: list[str] = page.evaluate(
        """() => [...document.body.querySelectorAll("*")].flatMap(element =>
            ["aria-label", "title", "placeholder", "alt", "aria-roledescription", "aria-description"]
                .map(name => element.getAttribute(name)).filter(Boolean))"""
    )
    return [line.strip() for line in [*shown.splitlines(), *named] if line.strip()]


def scrolls_sideways(page: Page) -> bool:
    sideways: bool = page.evaluate(
        """() => [document.scrollingElement, document.querySelector(".stMain")]
            .some(element => element.scrollWidth > element.clientWidth)"""
    )
    return sideways
