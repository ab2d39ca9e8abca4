"""What a request to the channel says: read, checked, cleaned and masked before anything else sees it."""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast, get_args

import msgspec
import yaml
from msgspec import Struct

from bot.privacy import EMAIL, ID, MARKS, mask
from core.figures import contact_figures
from core.handoff import HOURS_A_MONTH, HOURS_STEP, LONGEST_SERVICE_MONTHS
from core.income import LARGEST_HOUSEHOLD
from core.localisation import DEFAULT_LANGUAGE, LANGUAGES, Language, Text, Value
from core.ruleset import Situation

LONGEST_MESSAGE: Final = 1_000  # characters
LARGEST_BODY: Final = 32 * 1024  # bytes; the longest message, escaped, and room for an answer to a longer one
TOPICS: Final = Path(__file__).resolve().parent / "domain" / "topics.yml"

_SENDER: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
# A UUID, or as many random hexadecimal digits: now and then some of them look like an identity code.
_HEX_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=\d*[a-f])[0-9a-f]{16,64}", re.IGNORECASE)
_HIDDEN_ELEMENT: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<(?:/?[a-z]|!)[^<>]*>", re.IGNORECASE)
_LOOKS_LIKE_BUTTON: Final = re.compile(r"/[A-Za-z_]\w*\s*(?:[{@]|$)", re.ASCII)
_LEADING_SLASHES: Final = re.compile(r"^[\s/]+")  # with blanks and lines between, else Rasa finds a button after them
_BUTTON: Final = re.compile(r"/(\w+)\s*(\{.*\})?", re.ASCII | re.DOTALL)


class Incoming(Struct, frozen=True):
    """A message fit for the assistant. `text` is masked words of a person, or a button's payload."""

    sender: str
    text: str
    language: Language | None = None


class BadRequest(Exception):
    """What only a broken client sends."""

    def __init__(self, error: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(error)
        self.status = status


class Unanswerable(Exception):
    """What a person can put right; `text` says how, in the language of the person."""

    def __init__(self, text: Text, sender: str, language: Language | None) -> None:
        super().__init__(text.message)
        self.text, self.sender, self.language = text, sender, language or DEFAULT_LANGUAGE


class _Body(Struct):
    sender: Any = None
    message: Any = None
    metadata: Any = None


def read(body: bytes, topics: Collection[str]) -> Incoming:
    """The message in a request's JSON. Raises BadRequest, or Unanswerable with an answer for the person.

    Everything but `sender`, `message` and `metadata.language` is dropped.
    """
    if len(body) > LARGEST_BODY:
        raise BadRequest(
            f"body: {len(body)} bytes; allowed: at most {LARGEST_BODY}", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        )
    try:
        request = msgspec.json.decode(body, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest('body: not understood; allowed: {"sender": "…", "message": "…"} as JSON in UTF-8') from None
    sender = _sender(request.sender)
    language = _language(request.metadata)
    if not isinstance(request.message, str):
        raise BadRequest("message: missing or not a text; allowed: a text")
    if len(request.message) > LONGEST_MESSAGE:
        raise Unanswerable(too_long(), sender, language)
    text = clean(request.message)
    if _LOOKS_LIKE_BUTTON.match(text):
        payload = button(text, topics)
        if payload is None:
            raise Unanswerable(UNKNOWN_BUTTON, sender, language)
        return Incoming(sender, payload, language)
    text = mask(_LEADING_SLASHES.sub("", text))
    if not any(sign.isalnum() for sign in text):
        raise Unanswerable(NO_WORDS, sender, language)
    return Incoming(sender, text, language)


def clean(typed: str) -> str:
    """The words of a message: composed letters, no tags, no control or invisible characters, single blanks.

    >>> clean("<b>Moi</b>\\u200b  ä\\x00iti")
    'Moi ä iti'
    """
    text = _TAG.sub(" ", _HIDDEN_ELEMENT.sub(" ", unicodedata.normalize("NFC", typed)))
    text = "".join(_visible(sign) for sign in text)
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


def _visible(sign: str) -> str:
    if sign == "\n":
        return sign
    category = unicodedata.category(sign)
    if category in ("Cf", "Me") or unicodedata.name(sign, "").startswith("VARIATION SELECTOR"):
        return ""
    return " " if category[0] in "CZ" else sign


def button(text: str, topics: Collection[str]) -> str | None:
    """The payload of one of our buttons, written anew from what was checked; None for any other.

    >>> button('/estimate_cost{"household_size": 4}', {"estimate_cost"})
    '/estimate_cost{"household_size": 4}'
    >>> button('/estimate_cost{"household_size": "4"}', {"estimate_cost"}) is None
    True
    """
    match = _BUTTON.fullmatch(text)
    if match is None or match[1] not in topics:
        return None
    if match[2] is None:
        return f"/{match[1]}"
    try:
        entities = json.loads(match[2])
    except (ValueError, RecursionError):
        return None
    if not entities or not _may_hold(match[1], entities):
        return None
    return f"/{match[1]}{json.dumps(entities)}"


def _may_hold(topic: str, entities: Mapping[str, Any]) -> bool:
    allowed = ENTITIES.get(topic, {})
    return all(name in allowed and allowed[name](value) for name, value in entities.items())


def _whole(largest: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and 1 <= value <= largest


def _is_hours(value: Any) -> bool:
    try:
        hours = Decimal(value) if isinstance(value, str) and len(value) <= 8 else None
    except InvalidOperation:
        return False
    return hours is not None and hours.is_finite() and 0 < hours <= HOURS_A_MONTH and not hours % HOURS_STEP


def _are_situations(value: Any) -> bool:
    given = value if isinstance(value, list) else [value]
    return len(given) <= len(_SITUATIONS) and all(isinstance(one, str) and one in _SITUATIONS for one in given)


_SITUATIONS: Final = frozenset(get_args(Situation))

_Check = Callable[[Any], bool]
_FACTS: Final[dict[str, _Check]] = {
    "household_size": _whole(LARGEST_HOUSEHOLD),
    "hours": _is_hours,
    "month": _whole(LONGEST_SERVICE_MONTHS),
}
# What a button of a topic may bring with it: the entity's name, and whether a value is one of its. Other topics: nothing.
ENTITIES: Final[dict[str, dict[str, _Check]]] = {
    "eligibility_situation": {"situations": _are_situations, "denied_situations": _are_situations},
    "switch_language": {"language": lambda value: value in LANGUAGES},
    "estimate_cost": _FACTS,
    "income_limits": _FACTS,
    "price_general": _FACTS,
    "price_first_two_months": _FACTS,
    "price_after_two_months": _FACTS,
    "own_service_price": _FACTS,
    "voucher_value": _FACTS,
}


def topics_of(domain: Path = TOPICS) -> frozenset[str]:
    """The topics that the assistant's domain names. Raises OSError when the file is missing."""
    intents = yaml.safe_load(domain.read_text(encoding="utf-8"))["intents"]
    return frozenset(intent if isinstance(intent, str) else next(iter(intent)) for intent in intents)


def _sender(given: Any) -> str:
    if given is None:
        return secrets.token_urlsafe(16)
    if isinstance(given, str) and _SENDER.fullmatch(given) and (_HEX_ID.fullmatch(given) or not _tells_who(given)):
        return given
    raise BadRequest(
        "sender: not a random id; allowed: 1 to 64 letters a–z, digits, - and _, no name, no identity code"
    )


def _tells_who(sender: str) -> bool:
    masked = mask(sender.replace("_", " "))
    return masked in MARKS or ID in masked or EMAIL in masked


def _language(metadata: Any) -> Language | None:
    language = metadata.get("language") if isinstance(metadata, dict) else None
    return cast(Language, language) if isinstance(language, str) and language in LANGUAGES else None


NO_WORDS: Final = Text(
    "I did not find any words in your message. Please write what you would like to know. "
    "For example: what does home help cost?"
)
UNKNOWN_BUTTON: Final = Text("This button no longer works. Please write your question in your own words.")


def too_long() -> Text:
    """The answer to a message over `LONGEST_MESSAGE`."""
    return Text(
        "Your message is too long for me. Please write it in at most {most} characters. "
        "If someone is in danger now, call {emergency_number}.",
        {"most": LONGEST_MESSAGE, **_emergency()},
    )


def too_fast() -> Text:
    """The answer to a sender over the rate limit."""
    return Text(
        "You have sent many messages in a short time. Please wait a moment and write again. "
        "If someone is in danger now, call {emergency_number}.",
        _emergency(),
    )


def failed() -> Text:
    """The answer when answering went wrong."""
    return Text(
        "Something went wrong on our side, and I could not answer. Please try again in a moment. "
        "If someone is in danger now, call {emergency_number}.",
        _emergency(),
    )


def _emergency() -> dict[str, Value]:
    return {"emergency_number": contact_figures(date.today())["emergency_number"]}
