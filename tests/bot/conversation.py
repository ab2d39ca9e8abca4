"""Events of a conversation as Rasa's tracker holds them, for tests without a server."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.answers import answer_for
from bot.memory import told

ACTIONS = ("utter_notice", "utter_topic", "utter_second_topic")


def user(
    topic: str, text: str = "words", language: str | None = "fi", page: str | None = None, **parsed: Any
) -> dict[str, Any]:
    """A user event. `facts` are entities by name; everything else goes into the parse data as it is."""
    facts = parsed.pop("facts", {})
    return {
        "event": "user",
        "text": text,
        "metadata": {"language": page} if page else {},
        "parse_data": {
            "intent": {"name": topic},
            "intent_ranking": [{"name": topic, "confidence": 0.9}],
            "entities": [{"entity": name, "value": value} for name, value in facts.items()],
            **({"language": {"code": language, "confidence": 0.99, "decided": True}} if language else {}),
            **parsed,
        },
    }


def button(payload_topic: str, page: str | None = None, **entities: Any) -> dict[str, Any]:
    """A button's event: a list of values is one entity each, as Rasa makes them."""
    event = user(payload_topic, f"/{payload_topic}", None, page)
    event["parse_data"]["entities"] = [
        {"entity": name, "value": value}
        for name, values in entities.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return event


def bot(topic: str, answer: str | None = None) -> dict[str, Any]:
    """A bot event with the mark that its answer leaves."""
    return {"event": "bot", "text": "…", "metadata": {"topic": topic, "answer": answer or topic}}


def converse(*heard: dict[str, Any], on: date) -> list[list[dict[str, Any]]]:
    """The assistant's messages to each user event, as it would send them."""
    events: list[dict[str, Any]] = []
    turns = []
    for event in heard:
        events.append(event)
        said = [answer_for(action, told(events), on) for action in ACTIONS]
        said = [message for message in said if message["text"]]
        turns.append(said)
        events += [{"event": "bot", "metadata": message} for message in said]
    return turns
