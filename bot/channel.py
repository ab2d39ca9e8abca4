"""The assistant's one way in: Rasa's REST channel in shape, with a family's privacy and a county's site in mind.

`POST /webhooks/rest/webhook` with `{"sender": "<random id>", "message": "…", "metadata": {"language": "fi"}}` answers
`[{"recipient_id": "…", "text": "…", "buttons": […], "custom": {…}}, …]`. Without a sender it makes a random one and
answers to it. What a person can put right is answered in words (200; 429 when too fast, 500 when we failed); what only
a broken client sends gets `{"error": "…"}` (400, 404, 405, 413). No message text is ever logged.

Environment: CHAT_ALLOWED_ORIGINS, the sites whose pages may hold the chat widget, as "https://a.example https://b.example"
(none by default; the pages of ESTIMATOR_URL always may) · CHAT_MESSAGES_PER_MINUTE (20) · CHAT_BURST (10).
"""

from __future__ import annotations

import logging
import math
import os
import re
import traceback
from collections.abc import Awaitable, Callable, Collection, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.incoming import LARGEST_BODY, BadRequest, Incoming, Unanswerable, failed, read, too_fast, topics_of
from bot.rate_limit import RateLimit
from core.localisation import DEFAULT_LANGUAGE, Language, Text, render

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]

_ORIGIN: Final = re.compile(r"https?://[^\s/?#@*]+")


class FamilyChannel(RestInput):
    """Rasa's REST channel, made safe. `bot/credentials.yml` names it by its module path."""

    def __init__(self, topics: Collection[str], limit: RateLimit, origins: Collection[str] = ()) -> None:
        self.topics = topics
        self.limit = limit
        self.origins = frozenset(origins)

    @classmethod
    def name(cls) -> str:
        return "rest"

    @classmethod
    def from_credentials(cls, _: dict[str, Any] | None) -> FamilyChannel:
        """The channel as the environment and the domain say. Raises ValueError for a setting that is not allowed."""
        limit = RateLimit(_whole("CHAT_MESSAGES_PER_MINUTE", 20), _whole("CHAT_BURST", 10))
        return cls(topics_of(), limit, allowed_origins(os.environ))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The channel's two addresses: its health and its webhook."""
        channel = Blueprint("family_channel")

        @channel.listener("before_server_start")
        async def close_everything_else(app: Sanic, _: Any) -> None:
            addresses = {app.url_for(f"{channel.name}.{name}").rstrip("/") for name in ("health", "webhook")}
            _guard(app, addresses, preflight)

        @channel.get("/", name="health")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @channel.options("/webhook", name="preflight")
        async def preflight(request: Request) -> HTTPResponse:
            return self._allow(request, response.empty())

        @channel.post("/webhook", name="webhook")
        async def webhook(request: Request) -> HTTPResponse:
            return self._allow(request, await self._answer(request, on_new_message))

        return channel

    async def _answer(self, request: Request, on_new_message: Handler) -> HTTPResponse:
        try:
            if request.args.get("stream", "false").lower() != "false":
                raise BadRequest("stream: not offered; the whole answer comes at once")
            incoming = read(request.body, self.topics)
        except BadRequest as bad:
            return _error(str(bad), bad.status)
        except Unanswerable as unanswerable:
            return self._say(unanswerable.text, unanswerable.sender, unanswerable.language)

        language = incoming.language or DEFAULT_LANGUAGE
        wait = self.limit.wait(incoming.sender)
        if wait:
            answer = self._say(too_fast(), incoming.sender, language, HTTPStatus.TOO_MANY_REQUESTS)
            answer.headers["Retry-After"] = str(math.ceil(wait))
            return answer
        try:
            messages = await self._ask(incoming, on_new_message)
        except Exception as error:
            _log_place(error)
            messages = []
        if not messages:
            return self._say(failed(), incoming.sender, language, HTTPStatus.INTERNAL_SERVER_ERROR)
        return response.json(messages)

    async def _ask(self, incoming: Incoming, on_new_message: Handler) -> list[dict[str, Any]]:
        collector = CollectingOutputChannel()
        metadata = {"language": incoming.language} if incoming.language else {}
        await on_new_message(
            UserMessage(incoming.text, collector, incoming.sender, input_channel=self.name(), metadata=metadata)
        )
        return collector.messages

    @staticmethod
    def _say(text: Text, sender: str, language: Language, status: HTTPStatus = HTTPStatus.OK) -> HTTPResponse:
        return response.json([{"recipient_id": sender, "text": render(text, language)}], status=status)

    def _allow(self, request: Request, answer: HTTPResponse) -> HTTPResponse:
        """Let a page of an allowed site read the answer."""
        answer.headers["Vary"] = "Origin"
        origin = request.headers.get("origin")
        if origin in self.origins:
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Allow-Methods"] = "POST"
            answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
            answer.headers["Access-Control-Max-Age"] = "3600"
        return answer


def allowed_origins(environment: Mapping[str, str]) -> frozenset[str]:
    """The origins that may call the channel from a browser. Raises ValueError for one that is not an origin.

    >>> sorted(allowed_origins({"CHAT_ALLOWED_ORIGINS": "https://a.example", "ESTIMATOR_URL": "http://b.example/x"}))
    ['http://b.example', 'https://a.example']
    """
    origins = set()
    for given in re.split(r"[\s,]+", environment.get("CHAT_ALLOWED_ORIGINS", "")):
        if given and not _ORIGIN.fullmatch(given):
            raise ValueError(f"CHAT_ALLOWED_ORIGINS: {given!r}; allowed: origins such as https://www.example.fi")
        origins.add(given.lower())
    pages = urlsplit(environment.get("ESTIMATOR_URL", "http://localhost:8501"))
    origins.add(f"{pages.scheme}://{pages.netloc}".lower())
    return frozenset(origins - {""})


def _guard(app: Sanic, ours: Collection[str], preflight: Callable[[Request], Awaitable[HTTPResponse]]) -> None:
    """Nothing but our addresses answers, bodies are bounded, and errors say no more than a client must know."""
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY

    async def only_ours(request: Request) -> HTTPResponse | None:
        if request.path == "/":  # Rasa's own answer names its version
            return response.json({"status": "ok"})
        if request.path.rstrip("/") not in ours:
            return _error("not found", HTTPStatus.NOT_FOUND)
        if request.method == "OPTIONS":  # else Rasa's own CORS answers, which knows no site of ours
            return await preflight(request)
        return None

    async def refused(_: Request, error: SanicException) -> HTTPResponse:
        status = HTTPStatus(error.status_code or 500)
        return _error(status.phrase.lower(), status)

    async def broken(_: Request, error: Exception) -> HTTPResponse:
        _log_place(error)
        return _error("internal error", HTTPStatus.INTERNAL_SERVER_ERROR)

    app.request_middleware.appendleft(only_ours)
    app.error_handler.add(SanicException, refused)
    app.error_handler.add(Exception, broken)


def _error(message: str, status: HTTPStatus) -> HTTPResponse:
    return response.json({"error": message}, status=status)


def _log_place(error: Exception) -> None:
    """Where it went wrong, without the error's own words: they may quote the message."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    logger.error("%s in %s, line %s", type(error).__name__, place.filename, place.lineno)


def _whole(name: str, default: int) -> int:
    given = os.environ.get(name, str(default))
    if not (given.isascii() and given.isdigit() and int(given) > 0):
        raise ValueError(f"{name}: {given!r}; allowed: a whole number from 1")
    return int(given)
