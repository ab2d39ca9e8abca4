"""Conversations with the running server, from the files in `conversations/`.

A turn is what the family writes (`user`) or the payload of a button (`button`), and what it must get: `says`, the
responses of the domain in order, compared with the catalog's texts; `names`, figures of the rules that the answer must
hold (`size` for the family's income limit); `assesses`, the situations it must judge, no others; `not`, words it must not
hold; `link`, the query of the link to the estimator; `starts_with_numbers`, the numbers to call come first and nothing
is offered. `in` is the language of the answer, from there on; `page` the language of the page that the chat is in.
"""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from bot.answers import responses
from core.catalogs import placeholders
from core.eligibility import assess
from core.figures import figures
from core.localisation import Language, Text, render, show
from core.ruleset import Situation

_MARK = "MARKED"
# Vague messages: which of them is a guess and not an answer depends on the training, and some always are.
GUESSES = (
    "mitä siinä lapussa lukee", "kaksi asiaa paperista", "lappu", "siitä lapusta", "aika summa", "summa", "yö",
    "lasku kuukausi", "tunnit summa", "kuukausi", "se raha ja se aika",
)  # fmt: skip
ALL_SITUATIONS = get_args(Situation)
FOLDER = Path(__file__).parent / "conversations"
ALLOWED = {"user", "button", "says", "names", "size", "assesses", "not", "link", "in", "page", "starts_with_numbers"}


def conversations() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yml")):
        for number, conversation in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield pytest.param(conversation, id=f"{path.stem}: {conversation.get('name', number)}")


def topics() -> Iterator[Any]:
    """One message a topic and language, each at the start of a conversation of its own."""
    for path in sorted((FOLDER / "topics").glob("*.yml")):
        for topic, message in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            yield pytest.param(path.stem, topic, message, id=f"{path.stem}: {topic}")


@pytest.mark.parametrize("conversation", conversations())
def test_conversation(assistant: str, conversation: dict[str, Any]) -> None:
    sender, language = uuid.uuid4().hex, conversation["language"]
    for turn in conversation["turns"]:
        assert turn.keys() <= ALLOWED, turn
        said = ask(assistant, sender, turn.get("user") or turn["button"], turn.get("page", conversation.get("page")))
        language = turn.get("in", language)
        check(turn, said, language)


@pytest.mark.parametrize(("language", "topic", "message"), topics())
def test_topic(assistant: str, language: Language, topic: str, message: dict[str, Any]) -> None:
    says = message.get("says", topic)
    said = ask(assistant, uuid.uuid4().hex, message["user"], None)
    check({"says": says if isinstance(says, list) else ["notice", says]}, said, language)


def test_a_guess_is_asked_about_once_and_then_the_person_is_offered(assistant: str) -> None:
    for guess in GUESSES:
        sender = uuid.uuid4().hex
        texts = [message["text"] for message in ask(assistant, sender, guess, None) if "text" in message]
        if any(re.fullmatch(pattern("unsure", "fi"), text) for text in texts):
            check({"says": ["unsure_again"]}, ask(assistant, sender, guess, None), "fi")
            return
    pytest.fail(f"none of these was asked back about: {GUESSES}")


def test_what_is_written_is_not_logged(assistant: str, assistant_log: Path) -> None:
    sender = uuid.uuid4().hex
    for message in (
        "salasanani on kanelipulla, paljonko kotipalvelu maksaa?",
        "/kanelipulla",
        "/price_general{kanelipulla}",
    ):
        ask(assistant, sender, message, "fi")
    logged = assistant_log.read_text(encoding="utf-8", errors="replace")
    assert "kanelipulla" not in logged
    assert sender not in logged


def ask(assistant: str, sender: str, message: str, page: str | None) -> list[dict[str, Any]]:
    body = {"sender": sender, "message": message, "metadata": {"language": page} if page else {}}
    request = urllib.request.Request(
        f"{assistant}/webhooks/rest/webhook", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)  # type: ignore[no-any-return]


def check(turn: dict[str, Any], said: list[dict[str, Any]], language: Language) -> None:
    texts = [message["text"] for message in said if "text" in message]
    whole = "\n\n".join(texts)
    assert re.fullmatch("\n\n".join(pattern(name, language) for name in turn["says"]), whole), (
        f"\nto: {turn.get('user') or turn.get('button')}\nexpected: {turn['says']} in {language}\ngot: {[recognised(text) for text in texts]}\n{whole}"
    )
    known = figures(date.today(), turn.get("size"))
    for name in turn.get("names", []):
        assert show(known[name], language) in whole, name
    for words in turn.get("not", []):
        assert words not in json.dumps(said, ensure_ascii=False)
    if "assesses" in turn:
        judged = {
            reason.situation
            for reason in assess(ALL_SITUATIONS, date.today()).reasons
            if render(reason.text, language) in whole
        }
        assert judged == set(turn["assesses"])
    links = [message["custom"]["handoff"] for message in said if "handoff" in message.get("custom", {})]
    if "link" in turn:
        assert [link["query"] for link in links] == [turn["link"]]
    for link in links:
        assert f"]({link['url']})" in whole
    if turn.get("starts_with_numbers"):
        numbers = [show(known[name], language) for name in ("emergency_number", "social_emergency_number")]
        assert [numbers[0]] == re.findall(r"\d[\d ]*\d", whole)[:1]
        assert numbers[1] in whole
        assert not any("buttons" in message or "custom" in message for message in said)


def pattern(name: str, language: Language) -> str:
    """What a response looks like in a language, whatever its figures are; the warning on unconfirmed figures may follow."""
    warning = re.escape(render(Text(responses()["unconfirmed"].text), language))
    return f"{_shape(responses()[name].text, language)}(?:\n\n{warning})?"


def recognised(text: str) -> list[str]:
    """The responses that a text could be, for the message of a failure."""
    return [
        f"{name} ({language})"
        for name in responses()
        for language in ("fi", "sv", "en")
        if re.fullmatch(pattern(name, language), text)
    ]


def _shape(source: str, language: Language) -> str:
    names = dict.fromkeys(placeholders(source), _MARK)
    return re.escape(render(Text(source, names), language)).replace(_MARK, r"[\s\S]+?")
