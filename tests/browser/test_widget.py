"""The chat widget on the example page, as a visitor of the county's site meets it, with a small assistant elsewhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, field
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from core.localisation import Language
from estimator_app import widget
from tests.browser.looking import ENGLISH, NARROW, NORMAL, PHONE, axe_violations

GREETING = {"fi": "Hei! Olen robotti.", "sv": "Hej! Jag är en robot."}
NEXT = {"fi": "Mitä se maksaa?", "sv": "Vad kostar det?"}
SIZES = {"normal": NORMAL, "phone": PHONE, "narrow": NARROW}
each_language = pytest.mark.parametrize("language", widget.EXAMPLES)
each_size = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)


class Assistant(Struct):
    """What it was asked, and what it answers next; without that, a greeting with one button."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    answers: Any = None
    status: int = 200

    def answer(self, asked: dict[str, Any]) -> Any:
        if self.answers is not None:
            return self.answers
        language = asked["metadata"]["language"]
        button = {"title": NEXT[language], "payload": "/price_general"}
        return [{"recipient_id": asked["sender"], "text": GREETING[language], "buttons": [button]}]


class County(Struct):
    """The county's site, and the assistant that its pages turn to."""

    address: str
    assistant: Assistant


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    assistant = Assistant()

    class Channel(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self.reply(204, b"")

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assistant.asked.append(asked)
            self.reply(assistant.status, json.dumps(assistant.answer(asked)).encode())

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
            self.send_header("Access-Control-Allow-Headers", "content-type")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Files(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Quiet."""

    folder = tmp_path_factory.mktemp("county")
    with serving(Channel) as channel, serving(partial(Files, directory=str(folder))) as site:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("ASSISTANT_URL", channel)
            environment.setenv("ESTIMATOR_URL", site)
            widget.write_widget(folder)
        (folder / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
        yield County(site, assistant)


class serving:
    """A server on a free port, while the `with` block lasts; gives its address."""

    def __init__(self, handler: Any) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def county(servers: County) -> County:
    servers.assistant.asked.clear()
    servers.assistant.answers, servers.assistant.status = None, 200
    return servers


@pytest.fixture
def visit(browser: Browser, county: County) -> Iterator[Callable[..., Page]]:
    """Opens the example page; what its browser complains of is the page's `complaints`."""
    contexts: list[BrowserContext] = []

    def visited(language: Language = "fi", size: tuple[int, int] = NORMAL) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        page = context.new_page()
        page.complaints = complaints = []  # type: ignore[attr-defined]
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{county.address}/{widget.EXAMPLES[language]}")
        return page

    yield visited
    for context in contexts:
        context.close()


def words(language: Language) -> dict[str, str]:
    return widget.widget_texts(widget.date.today())[language]


def opener(page: Page) -> Locator:
    return page.locator("button.open")


def last_answer(page: Page) -> Locator:
    return page.locator(".message.they").last


def opened(page: Page, language: Language = "fi") -> Page:
    opener(page).click()
    expect(last_answer(page)).to_contain_text(GREETING[language])
    return page


def write(page: Page, message: str) -> None:
    page.locator("textarea").fill(message)
    page.locator("textarea").press("Enter")


class TestBeforeItIsOpened:
    def test_nothing_is_sent_or_stored(self, visit: Callable[..., Page], county: County) -> None:
        page = visit()
        expect(opener(page)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert county.assistant.asked == []
        assert stored(page) == [[], 0, 0]

    def test_afterwards_neither(self, visit: Callable[..., Page]) -> None:
        page = opened(visit())
        write(page, "paljonko?")
        expect(page.locator(".message.they")).to_have_count(2)
        assert stored(page) == [[], 0, 0]

    def test_the_page_keeps_a_strict_content_security_policy(self, visit: Callable[..., Page]) -> None:
        page = opened(visit())
        assert "unsafe" not in page.locator("meta[http-equiv]").get_attribute("content")
        assert page.complaints == []

    def test_without_an_assistant_it_says_what_is_missing_and_adds_nothing(
        self, visit: Callable[..., Page], county: County
    ) -> None:
        page = visit()
        before = page.locator("body > div").count()
        page.add_script_tag(url=f"{county.address}/{widget.SCRIPT}")
        assert "data-assistant" in page.complaints[0]
        assert page.locator("body > div").count() == before


def stored(page: Page) -> list[Any]:
    """Cookies, and how much the page keeps in the browser."""
    return [page.context.cookies(), *page.evaluate("() => [localStorage.length, sessionStorage.length]")]


class TestForEveryone:
    @each_language
    @each_size
    def test_no_axe_violation_closed_open_or_in_conversation(
        self, visit: Callable[..., Page], county: County, language: Language, size: tuple[int, int]
    ) -> None:
        page = visit(language, size)
        assert axe_violations(page) == []
        opened(page, language)
        assert axe_violations(page) == []
        county.assistant.answers = [
            {
                "text": f"Yksi.\n- [a]({county.address}/?v=1)\n- **b**",
                "buttons": [{"title": "Hei", "payload": "/greet"}] * 3,
            },
            {"custom": {"handoff": {"title": "Laske", "query": "v=1&size=4"}}},
        ]
        write(page, "moi " * 50)
        expect(page.locator("a.go")).to_be_visible()
        assert axe_violations(page) == []
        assert not page.evaluate("document.scrollingElement.scrollWidth > innerWidth")
        assert not page.locator(".log").evaluate("log => log.scrollWidth > log.clientWidth")

    @each_language
    def test_every_word_is_in_the_language(self, visit: Callable[..., Page], language: Language) -> None:
        page = visit(language)
        region = page.locator("section.widget")
        expect(region).to_have_attribute("lang", language)
        opened(page, language)
        shown = [page.locator("main").inner_text(), region.inner_text(), region.get_attribute("aria-label")]
        assert not [line for line in shown if ENGLISH.search(line or "")]

    @each_language
    def test_names_and_roles(self, visit: Callable[..., Page], language: Language) -> None:
        page = visit(language)
        text = words(language)
        expect(page.get_by_role("button", name=text["open"], exact=True)).to_have_attribute("aria-expanded", "false")
        opened(page, language)
        expect(page.get_by_role("dialog", name=text["title"])).to_be_visible()
        expect(page.get_by_role("log", name=text["log"])).to_have_attribute("aria-live", "polite")
        expect(page.get_by_role("textbox", name=text["write"])).to_be_focused()
        expect(last_answer(page)).to_contain_text(f"{text['they']}:")

    def test_by_keyboard_alone(self, visit: Callable[..., Page], county: County) -> None:
        page = visit()
        page.keyboard.press("Tab")  # the page's link
        page.keyboard.press("Tab")
        expect(opener(page)).to_be_focused()
        page.keyboard.press("Enter")
        expect(last_answer(page)).to_contain_text(GREETING["fi"])
        expect(page.locator("textarea")).to_be_focused()
        page.keyboard.type("saammeko apua?")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("olen väsynyt")
        page.keyboard.press("Enter")
        expect(page.locator(".message.they")).to_have_count(2)
        assert county.assistant.asked[1]["message"] == "saammeko apua?\nolen väsynyt"
        page.keyboard.press("Shift+Tab")
        expect(page.locator(".buttons button").last).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".message.they")).to_have_count(3)
        expect(page.locator("textarea")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_be_hidden()
        expect(opener(page)).to_be_focused()

    def test_opened_again_the_conversation_goes_on(self, visit: Callable[..., Page], county: County) -> None:
        page = opened(visit())
        page.get_by_role("button", name=words("fi")["close"], exact=True).click()
        opener(page).click()
        write(page, "moi")
        expect(page.locator(".message.they")).to_have_count(2)
        assert [asked["message"] for asked in county.assistant.asked] == ["/greet", "moi"]
        assert len({asked["sender"] for asked in county.assistant.asked}) == 1

    @pytest.mark.parametrize(("size", "modal"), [(PHONE, True), (NARROW, True), (NORMAL, False)])
    def test_on_a_phone_it_fills_the_screen_and_holds_the_focus(
        self, visit: Callable[..., Page], size: tuple[int, int], modal: bool
    ) -> None:
        page = opened(visit(size=size))
        dialog = page.locator("dialog")
        assert dialog.evaluate("dialog => dialog.matches(':modal')") == modal
        box = dialog.bounding_box()
        assert box is not None
        assert ((box["width"], box["height"]) == size) == modal
        assert box["x"] >= 0
        assert box["y"] >= 0


class TestConversation:
    def test_what_is_sent(self, visit: Callable[..., Page], county: County) -> None:
        for _ in range(2):
            opened(visit("sv"), "sv")
        first, second = county.assistant.asked
        assert set(first) == {"sender", "message", "metadata"}
        assert (first["message"], first["metadata"]) == ("/greet", {"language": "sv"})
        assert len(first["sender"]) == 32
        assert first["sender"] != second["sender"]

    def test_a_button_sends_its_payload_and_shows_its_title(self, visit: Callable[..., Page], county: County) -> None:
        page = opened(visit())
        county.assistant.answers = [{"text": "Se riippuu tuloista."}]
        page.get_by_role("button", name=NEXT["fi"]).click()
        expect(page.locator(".message.you")).to_contain_text(NEXT["fi"])
        expect(last_answer(page)).to_contain_text("Se riippuu tuloista.")
        expect(page.locator(".buttons")).to_have_count(0)
        assert county.assistant.asked[-1]["message"] == "/price_general"

    def test_markup_is_shown_and_never_obeyed(self, visit: Callable[..., Page], county: County) -> None:
        page = opened(visit())
        nasty = '<img src=x onerror="document.title=1"><b>ei</b>'
        county.assistant.answers = [{"text": nasty, "buttons": [{"title": nasty, "payload": "/greet"}]}]
        write(page, nasty)
        expect(last_answer(page)).to_contain_text(nasty)
        expect(page.get_by_role("button", name=nasty)).to_be_visible()
        expect(page.locator(".message.you").last).to_contain_text(nasty)
        assert page.locator(".log img, .log b").count() == 0
        assert page.complaints == []

    def test_only_our_own_pages_are_linked_to(self, visit: Callable[..., Page], county: County) -> None:
        page = opened(visit())
        own = f"{county.address}/?v=1&lang=fi&size=4"
        county.assistant.answers = [
            {
                "text": f"[Laske]({own}) [muu](https://other.example/a) [palse.fi](https://palse.fi) "
                f"[koodi](javascript:alert) [{county.address}]({county.address}.other.example/)"
            },
            {"custom": {"handoff": {"title": "Laske", "query": "v=1&size=4", "url": "https://other.example/"}}},
            {"custom": {"handoff": {"title": "Ansa", "query": "@other.example/", "url": "https://other.example/"}}},
        ]
        write(page, "moi")
        expect(page.locator("a.go")).to_have_count(2)
        assert page.locator(".log a").evaluate_all("links => links.map(link => link.href)") == [
            own,
            f"{county.address}/?v=1&size=4",
            f"{county.address}/?@other.example/",
        ]
        text = page.locator(".message.they").nth(1)
        expect(text).to_contain_text("muu (https://other.example/a) https://palse.fi koodi (javascript:alert)")

    def test_lists_and_bold(self, visit: Callable[..., Page], county: County) -> None:
        page = opened(visit())
        county.assistant.answers = [{"text": "Näin:\n- **yksi**\n- kaksi\nLoppu."}]
        write(page, "moi")
        expect(last_answer(page).locator("li")).to_have_text(["yksi", "kaksi"])
        expect(last_answer(page).locator("strong")).to_have_text("yksi")
        expect(last_answer(page).locator("p")).to_have_text(["Näin:", "Loppu."])

    def test_two_answers_offer_their_next_steps_once_and_last(self, visit: Callable[..., Page], county: County) -> None:
        page = opened(visit())
        step = {"title": "Tulorajat", "payload": "/income_limits"}
        county.assistant.answers = [
            {"text": "Yksi.", "buttons": [step, {"title": "Haku", "payload": "/how_to_apply"}]},
            {"custom": {"handoff": {"title": "Laske", "query": "v=1"}}},
            {"text": "Kaksi.", "buttons": [step]},
        ]
        write(page, "moi")
        expect(page.locator(".buttons button")).to_have_text(["Tulorajat", "Haku"])
        assert page.locator(".log > *").last.get_attribute("class") == "buttons"

    def test_a_switch_of_language_switches_the_widget(self, visit: Callable[..., Page], county: County) -> None:
        page = opened(visit())
        county.assistant.answers = [{"text": "Jag svarar på svenska."}, {"custom": {"language": "sv"}}]
        write(page, "på svenska tack")
        expect(page.locator("section.widget")).to_have_attribute("lang", "sv")
        expect(last_answer(page)).to_have_attribute("lang", "sv")
        county.assistant.answers = None
        write(page, "vad kostar det?")
        expect(last_answer(page)).to_contain_text(GREETING["sv"])
        assert county.assistant.asked[-1]["metadata"] == {"language": "sv"}

    @each_language
    @pytest.mark.parametrize("answers", [{"error": "internal error"}, [], "nonsense"])
    def test_when_the_assistant_does_not_answer_it_says_so_and_whom_to_call(
        self, visit: Callable[..., Page], county: County, language: Language, answers: Any
    ) -> None:
        page = opened(visit(language), language)
        county.assistant.answers, county.assistant.status = answers, 500
        write(page, "moi")
        expect(page.locator(".message.they")).to_have_count(2)
        expect(last_answer(page)).to_contain_text(words(language)["silent"].splitlines()[0])
        expect(last_answer(page)).to_contain_text("112")
        expect(page.locator(".status")).to_be_empty()

    def test_nor_when_it_cannot_be_reached(self, visit: Callable[..., Page]) -> None:
        page = visit()
        page.route("**/webhooks/**", lambda route: route.abort())
        opener(page).click()
        expect(last_answer(page)).to_contain_text("112")

    def test_a_refusal_is_shown_in_its_own_words(self, visit: Callable[..., Page], county: County) -> None:
        page = opened(visit())
        county.assistant.answers, county.assistant.status = [{"text": "Odota hetki."}], 429
        write(page, "moi")
        expect(last_answer(page)).to_contain_text("Odota hetki.")


def test_the_script_is_small_and_ascii(tmp_path: Path) -> None:
    widget.write_widget(tmp_path)
    script = (tmp_path / widget.SCRIPT).read_bytes()
    assert script.isascii()
    assert len(script) < 16_000
    assert not [word for word in (b"innerHTML", b"eval(", b"Storage", b"cookie", b"http://") if word in script]
