"""Every page as a family sees it in Chromium: accessible, in one language, on its own server, on the smallest screen."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.catalogs import template
from core.localisation import Language, Text, render
from estimator_app.page_texts import WORDS
from estimator_app.sitemap import SITE, Entry, page_title
from tests.browser.fake_assistant import ANSWERS, FakeAssistant
from tests.browser.looking import ENGLISH, NARROW, NORMAL, PHONE, axe_violations, said, scrolls_sideways, settle

LANGUAGES: tuple[Language, ...] = ("fi", "sv")
WAYS: dict[str, dict[str, Any]] = {
    "normal": {"window": NORMAL},
    "narrow": {"window": NARROW},
    "embedded": {"window": PHONE, "embed": "true"},
}
OpenPage = Callable[..., Page]
each_page = pytest.mark.parametrize("entry", SITE, ids=lambda entry: entry.name)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_page
@each_language
@pytest.mark.parametrize("way", WAYS)
def test_page_is_accessible_and_in_its_language(
    open_page: OpenPage, entry: Entry, language: Language, way: str
) -> None:
    page = open_page(entry.path, lang=language, **WAYS[way])
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.lang") == language
    assert page.title() == page_title(entry, language)
    assert page.requests_elsewhere == []
    assert not scrolls_sideways(page)
    assert english_left(page, language) == []


def test_a_table_that_becomes_too_wide_is_scrolled_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("staff", lang="sv")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    settle(page)
    assert page.locator(".stTable [tabindex='0']").count() > 0
    assert axe_violations(page) == []


@each_page
@each_language
def test_language_and_title_are_right_from_the_first_byte(site: str, entry: Entry, language: Language) -> None:
    first = fetch(f"{site}/{entry.path}?lang={language}")
    assert f'<html lang="{language}">' in first
    assert f"<title>{page_title(entry, language)}</title>" in first
    assert "<script>" not in first


@pytest.mark.parametrize(
    ("accepted", "language"), [("sv-FI,sv;q=0.9", "sv"), ("fi", "fi"), ("en-US,en;q=0.9", "fi"), ("", "fi")]
)
def test_without_a_parameter_the_browser_chooses(site: str, accepted: str, language: Language) -> None:
    assert f'<html lang="{language}">' in fetch(f"{site}/", {"Accept-Language": accepted})


def test_only_this_server_may_send_scripts(site: str) -> None:
    with urllib.request.urlopen(f"{site}/chat") as response:
        assert "script-src 'self';" in response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_widget_on_other_sites_is_asked_for_anew(site: str) -> None:
    with urllib.request.urlopen(f"{site}/chat-widget.js") as response:
        assert response.headers["Cache-Control"] == "no-cache"
    with urllib.request.urlopen(f"{site}/icon.svg?1") as response:
        assert "immutable" in response.headers["Cache-Control"]


@each_language
def test_every_page_has_a_switch_that_keeps_parameters_and_what_was_typed(
    open_page: OpenPage, language: Language
) -> None:
    other: Language = "sv" if language == "fi" else "fi"
    page = open_page("apply", lang=language, size="4")
    field = page.locator('input[role="combobox"]')
    field.fill("Jyväs")
    field.press("Enter")
    settle(page)
    page.locator(f".st-key-language_{other} button").click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    settle(page)
    assert "size=4" in page.url
    assert f"lang={other}" in page.url
    assert "Jyväskylä" in (field.get_attribute("aria-label") or "")
    assert page.title() == page_title(SITE[2], other)
    assert english_left(page, other) == []


def test_going_to_another_page_keeps_the_language_and_moves_the_focus(open_page: OpenPage) -> None:
    page = open_page("chat", lang="sv")
    page.locator(".st-key-navigation a").nth(2).click()
    expect(page).to_have_title(page_title(SITE[2], "sv"))
    settle(page)
    assert page.evaluate("document.documentElement.lang") == "sv"
    assert page.evaluate("document.activeElement.tagName") == "H1"
    expect(page.locator('.st-key-navigation a[aria-current="page"]')).to_have_count(1)


def test_links_to_the_first_page_lead_there_in_a_new_window_too(open_page: OpenPage, site: str) -> None:
    page = open_page("privacy", lang="sv")
    assert page.locator(".st-key-navigation a").first.evaluate("link => link.href") == f"{site}/?lang=sv"


@each_page
def test_nonsense_in_the_address_leaves_the_page_usable(open_page: OpenPage, entry: Entry) -> None:
    page = open_page(
        entry.path, v="1", lang="sv", size="99", hours="abc", month="-1", date="2025-13-45", income="3000", x="<b>"
    )
    assert page.title() == page_title(entry, "sv")
    assert page.locator("[data-testid=stAlertContentInfo]").count() >= 4
    assert page.locator("[data-testid=stException]").count() == 0
    assert english_left(page, "sv") == []


@each_language
def test_a_path_that_does_not_exist_is_said_in_the_language(open_page: OpenPage, language: Language) -> None:
    page = open_page("nothing-here", lang=language)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(render(WORDS["Page not found"], language))
    assert english_left(page, language) == []


@pytest.mark.parametrize("key", ["r", "c", "R", "C"])
def test_single_keys_do_nothing(open_page: OpenPage, key: str) -> None:
    page = open_page("privacy", lang="fi")
    page.evaluate(
        """() => {
            window.reruns = 0;
            new MutationObserver(() => window.reruns++).observe(
                document.querySelector('[data-testid="stApp"]'), {attributes: true, attributeFilter: ["data-test-script-state"]});
        }"""
    )
    page.locator("body").press(key)
    page.wait_for_timeout(700)
    assert page.evaluate("window.reruns") == 0
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_typing_r_and_c_still_works(open_page: OpenPage) -> None:
    page = open_page("chat", lang="fi")
    page.locator("textarea").press_sequentially("rc RC")
    expect(page.locator("textarea")).to_have_value("rc RC")


def test_the_keyboard_skips_to_the_content(open_page: OpenPage) -> None:
    page = open_page("privacy", lang="fi")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"


@each_language
def test_chat_answers_and_hands_over_in_the_same_page(
    open_page: OpenPage, assistant: FakeAssistant, language: Language
) -> None:
    page = open_page("chat", lang=language, window=PHONE)
    answer = ANSWERS[language]
    page.locator("textarea").fill("4000")
    page.locator("textarea").press("Enter")
    log = page.get_by_role("log")
    wait_for_messages(page, 2)
    assert answer["text"].partition(".")[0] in log.inner_text()
    assert log.get_attribute("aria-live") == "polite"
    assert "example.org" not in log.inner_html()
    assert axe_violations(page) == []
    assert english_left(page, language) == []
    asked = assistant.asked[-1]
    assert (asked["message"], asked["metadata"]) == ("4000", {"language": language})
    assert re.fullmatch(r"[\w-]{16,64}", asked["sender"])

    page.get_by_role("button", name=answer["buttons"][0]["title"]).click()
    wait_for_messages(page, 4)
    assert assistant.asked[-1]["message"] == "/income_limits"
    assert assistant.asked[-1]["sender"] == asked["sender"]

    page.get_by_role("link", name=answer["custom"]["handoff"]["title"]).click()
    expect(page).to_have_title(page_title(SITE[0], language))
    settle(page)
    assert f"lang={language}" in page.url
    assert "size=4" in page.url
    assert "hours=12" in page.url

    page.locator(".st-key-navigation a").nth(1).click()
    expect(page.locator(".stChatMessage")).to_have_count(4)


def test_clearing_the_conversation_begins_another(open_page: OpenPage, assistant: FakeAssistant) -> None:
    page = open_page("chat", lang="fi")
    senders = []
    for _ in range(2):
        page.locator("textarea").fill("hei")
        page.locator("textarea").press("Enter")
        wait_for_messages(page, 2)
        senders.append(assistant.asked[-1]["sender"])
        page.locator(".st-key-clear button").click()
        expect(page.locator(".stChatMessage")).to_have_count(0)
        assert (assistant.asked[-1]["sender"], assistant.asked[-1]["message"]) == (senders[-1], "/restart")
    assert senders[0] != senders[1]


@each_language
def test_chat_without_the_assistant_says_so_and_names_a_person(
    open_page: OpenPage, site_without_assistant: str, language: Language
) -> None:
    page = open_page("chat", at=site_without_assistant, lang=language)
    page.locator("textarea").fill("hei")
    page.locator("textarea").press("Enter")
    wait_for_messages(page, 2)
    sorry = Text("The assistant does not answer just now. You can try again in a moment, or ask a person.")
    expect(page.get_by_role("log")).to_contain_text(render(sorry, language))
    assert "112" in page.get_by_role("log").inner_text()
    assert axe_violations(page) == []
    assert english_left(page, language) == []


@each_language
def test_preview_of_another_day_is_announced_on_every_page(open_page: OpenPage, language: Language) -> None:
    page = open_page("staff", lang=language)
    page.locator(".st-key-typed_preview input").fill("2027-03-01")
    page.locator(".st-key-show_preview button").click()
    banner = page.locator("[data-testid=stAlertContentWarning]").first
    expect(banner).to_contain_text("1.3.2027")
    settle(page)
    assert axe_violations(page) == []
    page.locator(".st-key-navigation a").nth(1).click()
    expect(page).to_have_title(page_title(SITE[1], language))
    expect(banner).to_contain_text("1.3.2027")


def wait_for_messages(page: Page, number: int) -> None:
    """Wait until a conversation holds so many messages, the assistant's last one among them."""
    expect(page.locator(".stChatMessage")).to_have_count(number)
    expect(page.locator(".st-key-typing")).to_have_count(0)
    settle(page)


def english_left(page: Page, language: Language) -> list[str]:
    """What the page says in English: our untranslated source texts, Streamlit's own words, and anything else."""
    sources = english_sources(language)
    return [line for line in said(page) if line in sources or line in WORDS or ENGLISH.search(without_code(line))]


def without_code(line: str) -> str:
    """A line without snippets and addresses, which are the same in every language."""
    return re.sub(r"<.*>|\S+://\S+", "", line)


@lru_cache
def english_sources(language: Language) -> frozenset[str]:
    """Source texts that read differently in the language."""
    sources = {str(message.id) for message in template() if message.id}
    return frozenset(source for source in sources if "{" not in source and render(Text(source), language) != source)


def fetch(address: str, headers: dict[str, str] | None = None) -> str:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {})) as response:
        text: str = response.read().decode()
        return text
