"""The channel inside Rasa's own server (no model): what comes in, what reaches the assistant, what goes out."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import uuid4

import httpx
import pytest
import yaml
from rasa.core.channels.channel import UserMessage
from rasa.core.run import configure_app
from sanic import Sanic
from sanic.touchup.service import TouchUp

from bot.channel import FamilyChannel, allowed_origins
from bot.incoming import (
    LARGEST_BODY,
    LONGEST_MESSAGE,
    NO_WORDS,
    UNKNOWN_BUTTON,
    button,
    failed,
    read,
    too_fast,
    too_long,
    topics_of,
)
from bot.incoming import TOPICS as DOMAIN
from bot.rate_limit import RateLimit
from core.localisation import Text, render

COUNTY = "https://www.county.example"
TOPICS = frozenset({"greet", "restart", "emergency", "estimate_cost", "eligibility_situation", "switch_language"})
RESPONSES = DOMAIN.parent / "responses.yml"
WEBHOOK = "/webhooks/rest/webhook"


class Assistant:
    """Stands in for the model: remembers what reached it and answers with it."""

    def __init__(self) -> None:
        self.reached: list[UserMessage] = []

    async def handle_message(self, message: UserMessage) -> None:
        self.reached.append(message)
        if "kaadu" in message.text:
            raise RuntimeError(f"could not answer {message.text}")
        if "vaikene" in message.text:
            return
        buttons = [{"title": "Hei", "payload": "/greet"}]
        await message.output_channel.send_response(
            message.sender_id, {"text": "Moi", "buttons": buttons, "custom": {"a": 1}}
        )


class Server:
    """A running channel, the assistant behind it and a client before it."""

    def __init__(self, address: str, assistant: Assistant) -> None:
        self.assistant = assistant
        self.client = httpx.Client(base_url=address, timeout=10)

    def send(self, message: Any, sender: Any = "a-random-id", **more: Any) -> httpx.Response:
        return self.client.post(WEBHOOK, json={"sender": sender, "message": message, **more})

    def reached(self) -> UserMessage:
        """The one message that reached the assistant since last asked."""
        (message,) = self.assistant.reached
        self.assistant.reached.clear()
        return message


@contextmanager
def running(channel: FamilyChannel, enable_api: bool = False) -> Iterator[Server]:
    """Rasa's server with the channel on a free port, in a thread of its own."""
    Sanic._app_registry.clear()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loop = asyncio.new_event_loop()
    assistant = Assistant()

    async def start() -> Any:
        app = configure_app([channel], enable_api=enable_api, use_uvloop=True)
        app.ctx.agent = assistant
        server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True, access_log=False)
        await server.startup()
        TouchUp._registry.clear()  # Sanic rewrites its own methods; a second server in the process finds them rewritten
        await server.before_start()
        await server.after_start()
        return server

    def run() -> None:
        asyncio.set_event_loop(loop)
        started.append(loop.run_until_complete(start()))
        ready.set()
        loop.run_forever()
        started[0].close()
        loop.run_until_complete(started[0].wait_closed())

    started: list[Any] = []
    ready = threading.Event()
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield Server(f"http://127.0.0.1:{port}", assistant)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def roomy() -> RateLimit:
    return RateLimit(per_minute=1_000_000, burst=1_000_000)


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Server]:
    with running(FamilyChannel(TOPICS, roomy(), [COUNTY])) as server:
        yield server


@pytest.fixture
def server(shared_server: Server) -> Server:
    shared_server.assistant.reached.clear()
    return shared_server


def said(response: httpx.Response) -> str:
    """The only text of an answer of the channel's own."""
    (message,) = response.json()
    return str(message["text"])


class TestShape:
    def test_answers_in_the_shape_of_rasas_rest_channel(self, server: Server) -> None:
        response = server.send("Paljonko maksaa?", sender="test")

        assert response.status_code == 200
        assert response.json() == [
            {"recipient_id": "test", "text": "Moi", "buttons": [{"title": "Hei", "payload": "/greet"}]},
            {"recipient_id": "test", "custom": {"a": 1}},
        ]
        reached = server.reached()
        assert (reached.text, reached.sender_id, reached.input_channel) == ("Paljonko maksaa?", "test", "rest")

    @pytest.mark.parametrize("language", ["fi", "sv", "en"])
    def test_of_metadata_only_the_language_passes(self, server: Server, language: str) -> None:
        server.send("moi", metadata={"language": language, "income": 3000, "is_external": True})
        assert server.reached().metadata == {"language": language}

    @pytest.mark.parametrize("metadata", [None, 3, [], "fi", {"language": "de"}, {"language": ["fi"]}, {"income": 1}])
    def test_other_metadata_is_dropped(self, server: Server, metadata: Any) -> None:
        assert server.send("moi", metadata=metadata).status_code == 200
        assert server.reached().metadata == {}

    def test_the_client_cannot_name_the_channel(self, server: Server) -> None:
        server.send("moi", input_channel="admin")
        assert server.reached().input_channel == "rest"

    def test_health_is_told_without_a_version(self, server: Server) -> None:
        for path in ("/", "/webhooks/rest/"):
            response = server.client.get(path)
            assert (response.status_code, response.json()) == (200, {"status": "ok"})


class TestPrivacy:
    @pytest.mark.parametrize(
        ("typed", "reached"),
        [
            ("olen 131052-308T, saanko apua", "olen [ID], saanko apua"),
            ("13\u200b1052-308T", "[ID]"),
            ("soita 040 123 4567 tai kirjoita maija@example.fi", "soita [PHONE] tai kirjoita [EMAIL]"),
            ("tili FI21 1234 5600 0007 85", "tili [IBAN]"),
        ],
    )
    def test_codes_never_reach_the_assistant(self, server: Server, typed: str, reached: str) -> None:
        server.send(typed)
        assert server.reached().text == reached

    def test_no_word_of_a_message_is_logged_even_when_answering_fails(
        self, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            response = server.send("kaadu salaisuus")
        assert response.status_code == 500
        assert said(response) == render(failed(), "fi")
        assert "RuntimeError" in caplog.text
        assert "salaisuus" not in caplog.text


class TestSenders:
    @pytest.mark.parametrize("sender", ["test", "default", "x", "3f0c9a4e-8d52-4c0e-9b1e-0a2f7f1f9d11", "a" * 64])
    def test_random_ids_are_kept(self, server: Server, sender: str) -> None:
        assert server.send("moi", sender=sender).json()[0]["recipient_id"] == sender

    @pytest.mark.parametrize(
        "sender",
        [
            "",
            " ",
            "Maija Meikäläinen",
            "maija@example.fi",
            "131052-308T",
            "maija-131052-308T",
            "maija_131052-308t",
            "maija131052308T",
            "131052A308T-1",
            "13_10_1952-308T",
            "0401234567",
            "a" * 65,
            "a\n",
            5,
            {},
            ["a"],
            True,
        ],
    )
    def test_others_are_refused_by_name(self, server: Server, sender: Any) -> None:
        response = server.send("moi", sender=sender)
        assert response.status_code == 400
        assert response.json()["error"].startswith("sender: ")
        assert not server.assistant.reached

    @pytest.mark.parametrize("sender", ["13101952-308d-4c0e-9b1e-0a2f7f1f9d11", "3f0c9a4e8d524c0e9b1e0a131052308f"])
    def test_what_looks_like_a_code_by_chance_is_kept(self, sender: str) -> None:
        body = json.dumps({"sender": sender, "message": "moi"}).encode()
        assert read(body, TOPICS).sender == sender

    def test_random_ids_are_never_refused(self) -> None:
        for _ in range(500):
            for sender in (secrets.token_urlsafe(16), str(uuid4()), uuid4().hex):
                read(json.dumps({"sender": sender, "message": "moi"}).encode(), TOPICS)

    def test_without_a_sender_a_fresh_random_one_is_told(self, server: Server) -> None:
        recipients = [
            server.client.post(WEBHOOK, json={"message": "moi"}).json()[0]["recipient_id"],
            server.send("moi", sender=None).json()[0]["recipient_id"],
            server.send("👍", sender=None).json()[0]["recipient_id"],
        ]
        assert len(set(recipients)) == 3
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{16,64}", recipient) for recipient in recipients)


class TestMessages:
    @pytest.mark.parametrize(
        ("typed", "reached"),
        [
            ("<p>Paljonko <b>maksaa</b>?</p>", "Paljonko maksaa ?"),
            ("<script>alert(1)</script>moi", "moi"),
            ("tulot < 3000 > 2000 <3", "tulot < 3000 > 2000 <3"),
            ("a\u0308iti\x07 on\u202e va\u00adsynyt ❤️", "äiti on vasynyt ❤"),
            ("/ 2 aikuista", "2 aikuista"),
            ("/\n/session_start", "session_start"),
            ("/\n/restart{}", "restart{}"),
            (" / //\n\n\u2028/ /moi", "moi"),
            ('/\n/estimate_cost{"household_size":[2,3]}', 'estimate_cost{"household_size":[2,3]}'),
            ("/moi mitä kuuluu", "moi mitä kuuluu"),
            ("/greet/x{}", "greet/x{}"),
            ("4️⃣", "4"),
            ("x" * LONGEST_MESSAGE, "x" * LONGEST_MESSAGE),
        ],
    )
    def test_the_words_reach_the_assistant(self, server: Server, typed: str, reached: str) -> None:
        assert server.send(typed).status_code == 200
        assert server.reached().text == reached

    @pytest.mark.parametrize("language", ["fi", "sv", "en"])
    @pytest.mark.parametrize(
        "message",
        ["", "  \n", "👍", "❤️🙏", "?!", "\x00\x01\x1b", "\u200b\u202e", "<img src=x onerror=y>", "/", "/\n/ /"],
    )
    def test_a_message_without_words_is_answered_kindly(self, server: Server, message: str, language: str) -> None:
        response = server.send(message, metadata={"language": language})
        assert response.status_code == 200
        assert said(response) == render(NO_WORDS, language)
        assert not server.assistant.reached

    @pytest.mark.parametrize("length", [LONGEST_MESSAGE + 1, 20_000])
    def test_a_long_message_is_asked_for_in_short_and_the_emergency_number_given(
        self, server: Server, length: int
    ) -> None:
        response = server.send("a" * length, metadata={"language": "sv"})
        assert response.status_code == 200
        assert said(response) == render(too_long(), "sv")
        assert "112" in said(response)
        assert not server.assistant.reached

    def test_silence_of_the_assistant_is_a_failure_told(self, server: Server) -> None:
        response = server.send("vaikene", metadata={"language": "sv"})
        assert response.status_code == 500
        assert said(response) == render(failed(), "sv")


class TestButtons:
    @pytest.mark.parametrize(
        "payload",
        [
            "/greet",
            "/restart",
            '/estimate_cost{"household_size": 4, "hours": "12.5", "month": 3}',
            '/eligibility_situation{"situations": ["exhaustion", "multiple_birth"]}',
            '/eligibility_situation{"denied_situations": "cleaning_only"}',
            '/switch_language{"language": "sv"}',
        ],
    )
    def test_ours_pass(self, server: Server, payload: str) -> None:
        server.send(payload)
        assert server.reached().text == payload

    @pytest.mark.parametrize(
        "payload",
        [
            "/xyz",
            "/session_start",
            "/nlu_fallback",
            "/greet@0.2",
            '/restart{"household_size": 4}',
            "/restart{}",
            '/emergency{"told": true}',
            '/emergency{"household_size": 4}',
            '/estimate_cost{"situations": "exhaustion"}',
            "/estimate_cost{}",
            '/estimate_cost{"household_size": "4"}',
            '/estimate_cost{"household_size": true}',
            '/estimate_cost{"household_size": 31}',
            '/estimate_cost{"household_size": [4, 5]}',
            '/estimate_cost{"hours": 12}',
            '/estimate_cost{"hours": "NaN"}',
            '/estimate_cost{"hours": "12,1"}',
            '/estimate_cost{"month": 0}',
            '/estimate_cost{"income": 3000}',
            '/estimate_cost{"requested_slot": null}',
            '/eligibility_situation{"situations": ["happiness"]}',
            '/eligibility_situation{"situations": {"exhaustion": 1}}',
            '/switch_language{"language": "de"}',
            '/switch_language{"language": []}',
            '/estimate_cost{"household_size": 4',
            "/estimate_cost{4}",
            "/estimate_cost" + '{"a":' * 150 + "1" + "}" * 150,
        ],
    )
    def test_unknown_and_forged_ones_are_answered_and_go_no_further(self, server: Server, payload: str) -> None:
        response = server.send(payload, metadata={"language": "fi"})
        assert response.status_code == 200
        assert said(response) == render(UNKNOWN_BUTTON, "fi")
        assert not server.assistant.reached

    def test_every_button_of_the_answers_passes(self) -> None:
        responses = yaml.safe_load(RESPONSES.read_text(encoding="utf-8"))["responses"]
        offered = {
            offer["payload"].replace("{situations}", '["exhaustion"]')
            for variants in responses.values()
            for variant in variants
            for offer in variant.get("buttons") or ()
        }
        topics = topics_of()
        assert len(offered) > 20
        assert not [payload for payload in sorted(offered) if button(payload, topics) is None]


class TestBrokenClients:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            b'"moi"',
            b"null",
            b"\x00\xff\xfe\x80",
            b"<html><body>moi</body></html>",
            b'{"sender": "a", "message": "\xff"}',
            b'{"sender": "a", "message": "\\ud800"}',
            b"[" * 30_000,
            b'{"sender": "a"}',
            b'{"sender": "a", "message": null}',
            b'{"sender": "a", "message": 5}',
            b'{"sender": "a", "message": ["moi"]}',
        ],
    )
    def test_get_a_short_error(self, server: Server, body: bytes) -> None:
        response = server.client.post(WEBHOOK, content=body)
        assert response.status_code == 400
        assert set(response.json()) == {"error"}
        assert "Traceback" not in response.text
        assert not server.assistant.reached

    @pytest.mark.parametrize("size", [LARGEST_BODY + 1, 100_000, 5_000_000])
    def test_large_bodies_are_refused(self, server: Server, size: int) -> None:
        body = json.dumps({"sender": "a", "message": "a" * size}).encode()
        response = server.client.post(WEBHOOK, content=body)
        assert response.status_code == 413
        assert set(response.json()) == {"error"}

    @pytest.mark.parametrize("stream", ["true", "1", "yes", ""])
    def test_streaming_is_refused(self, server: Server, stream: str) -> None:
        response = server.client.post(f"{WEBHOOK}?stream={stream}", json={"sender": "a", "message": "moi"})
        if stream == "":  # nothing is asked for
            assert response.status_code == 200
        else:
            assert response.status_code == 400
            assert response.json()["error"].startswith("stream: ")

    def test_other_methods_and_addresses_say_no_more_than_no(self, server: Server) -> None:
        assert server.client.get(WEBHOOK).status_code == 405
        for path in ("/version", "/status", "/domain", "/model/parse", "/conversations/a/tracker", "/webhooks/", "/x"):
            response = server.client.get(path)
            assert response.status_code == 404, path
            assert response.json() == {"error": "not found"}

    def test_rasas_api_stays_closed_even_when_it_is_switched_on(self) -> None:
        with running(FamilyChannel(TOPICS, roomy()), enable_api=True) as server:
            assert server.send("moi").status_code == 200
            for path in ("/version", "/status", "/domain", "/conversations/a-random-id/tracker"):
                assert server.client.get(path).status_code == 404, path
            assert server.client.post("/model/parse", json={"text": "moi"}).status_code == 404
            assert server.client.put("/model", json={}).status_code == 404


class TestRateLimit:
    def test_a_fast_sender_is_asked_to_wait_and_others_are_not(self) -> None:
        now = [0.0]
        limit = RateLimit(per_minute=20, burst=2, clock=lambda: now[0])
        with running(FamilyChannel(TOPICS, limit)) as server:
            assert [server.send("moi", sender="a").status_code for _ in range(3)] == [200, 200, 429]
            refused = server.send("moi", sender="a", metadata={"language": "sv"})
            assert said(refused) == render(too_fast(), "sv")
            assert refused.headers["retry-after"] == "3"
            assert server.send("moi", sender="b").status_code == 200
            now[0] += 3
            assert [server.send("moi", sender="a").status_code for _ in range(2)] == [200, 429]
            assert len(server.assistant.reached) == 4

    def test_forgets_the_longest_silent_sender(self) -> None:
        limit = RateLimit(per_minute=1, burst=1, capacity=2, clock=lambda: 0.0)
        assert [limit.wait(sender) for sender in "abac"] == [0.0, 0.0, 60.0, 0.0]
        assert len(limit) == 2
        assert limit.wait("a") == 60.0  # still known: it wrote after b
        assert limit.wait("b") == 0.0

    def test_never_saves_up_more_than_the_burst(self) -> None:
        now = [0.0]
        limit = RateLimit(per_minute=60, burst=2, clock=lambda: now[0])
        limit.wait("a")
        now[0] = 1_000_000.0
        assert [limit.wait("a") for _ in range(3)] == [0.0, 0.0, 1.0]

    @pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", ""])
    def test_a_wrong_setting_is_named(self, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.channel.topics_of", lambda: TOPICS)
        monkeypatch.setenv("CHAT_BURST", value)
        with pytest.raises(ValueError, match="CHAT_BURST"):
            FamilyChannel.from_credentials(None)


class TestOtherSites:
    ASK: ClassVar = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}

    def test_an_allowed_site_may_ask_and_read(self, server: Server) -> None:
        preflight = server.client.options(WEBHOOK, headers={"Origin": COUNTY, **self.ASK})
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == COUNTY
        assert preflight.headers["access-control-allow-headers"].lower() == "content-type"
        answer = server.client.post(WEBHOOK, json={"message": "moi"}, headers={"Origin": COUNTY})
        assert answer.headers["access-control-allow-origin"] == COUNTY
        assert "access-control-allow-credentials" not in answer.headers

    @pytest.mark.parametrize(
        "origin", ["https://other.example", "null", COUNTY + ".other.example", "http://www.county.example"]
    )
    def test_another_site_may_not(self, server: Server, origin: str) -> None:
        for response in (
            server.client.options(WEBHOOK, headers={"Origin": origin, **self.ASK}),
            server.client.post(WEBHOOK, json={"message": "moi"}, headers={"Origin": origin}),
            server.client.post(WEBHOOK, content=b"{", headers={"Origin": origin}),
            server.client.get("/", headers={"Origin": origin}),
        ):
            assert "access-control-allow-origin" not in response.headers

    def test_only_our_own_pages_by_default(self) -> None:
        assert allowed_origins({}) == {"http://localhost:8501"}
        assert allowed_origins({"ESTIMATOR_URL": "https://a.example/laskuri"}) == {"https://a.example"}

    @pytest.mark.parametrize("given", ["*", "https://*.example", "www.county.example", "https://a.example/x", "null"])
    def test_what_is_no_origin_is_refused(self, given: str) -> None:
        with pytest.raises(ValueError, match="CHAT_ALLOWED_ORIGINS"):
            allowed_origins({"CHAT_ALLOWED_ORIGINS": f"{COUNTY}, {given}"})


def test_the_answers_differ_by_language() -> None:
    texts: list[Text] = [NO_WORDS, UNKNOWN_BUTTON, too_long(), too_fast(), failed()]
    for text in texts:
        assert len({render(text, language) for language in ("fi", "sv", "en")}) == 3, text.message
