"""The training messages as they lie in files: the folder tells the language, which Rasa's messages do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DATA = Path(__file__).parents[1] / "data"  # one folder a language
TRAINED_LANGUAGES = ("fi", "sv")


class Example(NamedTuple):
    """One training message and its labels."""

    text: str
    topic: str
    language: str
    situations: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


def examples(data: Path = DATA) -> list[Example]:
    """All training messages, by language and file name."""
    return [
        example
        for language in TRAINED_LANGUAGES
        for path in sorted((data / language).glob("*.yml"))
        for example in _examples(path, language)
    ]


def _examples(path: Path, language: str) -> Iterator[Example]:
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        topic, given = block["intent"], block["examples"]
        if isinstance(given, str):
            lines = (line.strip() for line in given.splitlines())
            yield from (Example(line[1:].strip(), topic, language) for line in lines if line.startswith("-"))
            continue
        for example in given:
            told = example.get("metadata") or {}
            situations, denied = told.get("situations") or (), told.get("denied") or ()
            yield Example(example["text"].strip(), topic, language, tuple(situations), tuple(denied))


def told_in(message: Any) -> tuple[list[str], list[str]]:
    """The situations that a Rasa message of the training data tells, and those it denies."""
    told = (message.get("metadata") or {}).get("example") or {}
    return told.get("situations") or [], told.get("denied") or []
