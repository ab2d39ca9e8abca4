"""The messages that the assistant is measured on are well labelled. Every test lists all faults at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from bot.model import DOMAIN
from core.ruleset import Situation

TESTS = Path(__file__).resolve().parents[1]
FILES = sorted(path for folder in ("heldout", "tuning") for path in (TESTS / folder).glob("*.yml"))
QUESTIONS = sorted((TESTS / "tuning" / "two_questions").glob("*.yml"))
SITUATIONS = frozenset(get_args(Situation))
TOPICS = frozenset(yaml.safe_load((DOMAIN / "topics.yml").read_text(encoding="utf-8"))["intents"])
LEAST = 400  # held-out messages a language


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.fixture(params=FILES + QUESTIONS, ids=_name)
def cases(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return yaml.safe_load(request.param.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_there_are_enough_held_out_messages(language: str) -> None:
    cases = yaml.safe_load((TESTS / "heldout" / f"{language}.yml").read_text(encoding="utf-8"))
    assert len(cases) >= LEAST


def test_topics_and_situations_are_known(cases: list[dict[str, Any]]) -> None:
    told = [(case["text"], name) for case in cases for name in (*case.get("situations", ()), *case.get("denied", ()))]
    assert [(text, name) for text, name in told if name not in SITUATIONS] == []
    assert [case["text"] for case in cases if not case["topics"] or not TOPICS.issuperset(case["topics"])] == []
    assert [case["text"] for case in cases if {*case.get("situations", ())} & {*case.get("denied", ())}] == []


def test_no_message_stands_twice(cases: list[dict[str, Any]]) -> None:
    counts = Counter(" ".join(case["text"].casefold().split()) for case in cases)
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_every_topic_and_situation_is_measured(path: Path) -> None:
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {topic for case in cases for topic in case["topics"]} == TOPICS
    assert {name for case in cases for name in case.get("situations", ())} == SITUATIONS
