"""The assistant's REST channel, asked from the server side: the family's browser talks to the pages only."""

from __future__ import annotations

import os
import secrets
from typing import Final
from urllib.parse import parse_qsl

import httpx
import msgspec
from msgspec import Struct

from core.localisation import Language

LONGEST_WAIT: Final = httpx.Timeout(20.0, connect=3.0)  # seconds; a person waits no longer
_UNDERSTOOD: Final = {200, 400, 413, 429}  # the channel explains its refusals in an answer, too


class AssistantSilent(Exception):
    """The assistant did not answer, or not in the way that was agreed."""


class Button(Struct, frozen=True):
    """A next step that the assistant offers; `payload` is what is sent when it is chosen."""

    title: str
    payload: str


class Handoff(Struct, frozen=True):
    """A way into the estimator, filled in; `query` is the link's query string."""

    title: str
    query: str
    url: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        return dict(parse_qsl(self.query))


class Custom(Struct, frozen=True):
    handoff: Handoff | None = None


class Answer(Struct, frozen=True):
    """One message of the assistant."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    custom: Custom = Custom()


def ask(message: str, sender: str, language: Language) -> tuple[Answer, ...]:
    """The assistant's answers to a message. Raises AssistantSilent."""
    body = {"sender": sender, "message": message, "metadata": {"language": language}}
    try:
        response = httpx.post(f"{_address()}/webhooks/rest/webhook", json=body, timeout=LONGEST_WAIT, trust_env=False)
        if response.status_code not in _UNDERSTOOD:
            raise AssistantSilent(f"status {response.status_code}")
        answers = msgspec.json.decode(response.content, type=tuple[Answer, ...])
    except (httpx.HTTPError, httpx.InvalidURL, msgspec.DecodeError) as error:
        raise AssistantSilent(type(error).__name__) from error
    if not answers:
        raise AssistantSilent("no answer")
    return answers


def new_sender() -> str:
    """A random name for one conversation; it says nothing of the person."""
    return secrets.token_urlsafe(18)


def _address() -> str:
    return os.environ.get("ASSISTANT_URL", "http://localhost:5005").rstrip("/")
