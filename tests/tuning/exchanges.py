"""A hundred random exchanges a language, to read: `make exchanges` writes exchanges-fi.md and exchanges-sv.md beside this file.

Messages are drawn from the tuning messages: half stand alone, half are two of a conversation. What is read here is what
a family would get from the channel, without the server around it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from bot.answers import answer_for
from bot.incoming import Unanswerable, read, topics_of
from bot.memory import told
from bot.model import train
from bot.understand import Reader
from core.localisation import render

HERE: Final = Path(__file__).resolve().parent
EXCHANGES: Final = 100
SEED: Final = 20261126


def main() -> None:
    """Write both files."""
    reader, on = Reader(train()), date.today()
    for language in ("fi", "sv"):
        cases = yaml.safe_load((HERE / f"{language}.yml").read_text(encoding="utf-8"))
        drawn = random.Random(SEED).sample([case["text"] for case in cases], EXCHANGES)
        alone, followed = drawn[: EXCHANGES // 2], drawn[EXCHANGES // 2 :]
        conversations = [[message] for message in alone] + [list(pair) for pair in zip(followed[::2], followed[1::2])]
        lines = [f"# Exchanges, {language}", "", f"Made by `make exchanges` with the rules of {on.isoformat()}.", ""]
        for messages in conversations:
            lines += ["---", "", *_converse(reader, messages, language, on)]
        (HERE / f"exchanges-{language}.md").write_text("\n".join(lines), encoding="utf-8")


def _converse(reader: Reader, messages: list[str], page: str, on: date) -> Iterator[str]:
    events: list[dict[str, Any]] = []
    for message in messages:
        yield from (f"> {line}" for line in message.strip().splitlines())
        yield ""
        for said in _answers(reader, events, message, page, on):
            yield said["text"]
            yield ""
            if said.get("buttons"):
                yield " ".join(f"[{button['title']}]" for button in said["buttons"])
                yield ""


def _answers(
    reader: Reader, events: list[dict[str, Any]], message: str, page: str, on: date
) -> Iterator[dict[str, Any]]:
    body = json.dumps({"sender": "reader", "message": message, "metadata": {"language": page}}).encode()
    try:
        incoming = read(body, topics_of())
    except Unanswerable as unanswerable:
        yield {"text": render(unanswerable.text, unanswerable.language)}
        return
    events.append(
        {
            "event": "user",
            "text": incoming.text,
            "metadata": {"language": page},
            "parse_data": reader.parse(incoming.text),
        }
    )
    known = told(events)
    for action in ("utter_notice", "utter_topic", "utter_second_topic"):
        said = answer_for(action, known, on)
        if said["text"]:
            events.append({"event": "bot", "metadata": said})
            yield said


if __name__ == "__main__":
    main()
