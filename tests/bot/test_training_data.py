"""The training messages: enough of each kind, well labelled, none twice. Every test lists all faults at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.components.training_messages import Example, examples
from bot.model import DATA, DOMAIN
from core.ruleset import Situation

LANGUAGES = ("fi", "sv")
SITUATIONS = frozenset(get_args(Situation))
TOPICS = frozenset(yaml.safe_load((DOMAIN / "topics.yml").read_text(encoding="utf-8"))["intents"])
LEAST = {"eligibility_situation": 120, "out_of_scope": 200}
LEAST_OF_ANY = 60


@pytest.fixture(scope="module")
def rows() -> list[Example]:
    return examples()


def test_there_are_enough_messages_of_every_topic_in_each_language(rows: list[Example]) -> None:
    counts = Counter((row.language, row.topic) for row in rows)
    too_few = {
        (language, topic): counts[language, topic]
        for language in LANGUAGES
        for topic in TOPICS
        if counts[language, topic] < LEAST.get(topic, LEAST_OF_ANY)
    }
    assert too_few == {}


def test_every_topic_is_known_and_in_its_file(rows: list[Example]) -> None:
    assert {row.topic for row in rows} <= TOPICS
    astray = [
        str(path.relative_to(DATA))
        for language in LANGUAGES
        for path in sorted((DATA / language).glob("*.yml"))
        if {block["intent"] for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]} != {path.stem}
    ]
    assert astray == []


def test_every_situation_is_known(rows: list[Example]) -> None:
    unknown = [(row.text, told) for row in rows for told in (*row.situations, *row.denied) if told not in SITUATIONS]
    assert unknown == []


def test_no_situation_is_told_and_denied_at_once(rows: list[Example]) -> None:
    assert [row.text for row in rows if set(row.situations) & set(row.denied)] == []


def test_every_situation_is_told_alone_in_each_language(rows: list[Example]) -> None:
    alone = {(row.language, row.situations[0]) for row in rows if len(row.situations) == 1}
    assert {(language, situation) for language in LANGUAGES for situation in SITUATIONS} - alone == set()


def test_no_message_stands_twice_in_a_language(rows: list[Example]) -> None:
    counts = Counter((row.language, " ".join(row.text.casefold().split())) for row in rows)
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_message_means_two_topics(rows: list[Example]) -> None:
    topics: dict[str, set[str]] = {}
    for row in rows:
        topics.setdefault(" ".join(row.text.casefold().split()), set()).add(row.topic)
    assert {text: sorted(found) for text, found in topics.items() if len(found) > 1} == {}


def test_no_message_is_empty_or_marked_up(rows: list[Example]) -> None:
    assert [row.text for row in rows if not row.text or set("[]{}") & set(row.text)] == []


def test_every_topic_has_one_rule() -> None:
    rules = yaml.safe_load((Path(DATA) / "rules.yml").read_text(encoding="utf-8"))["rules"]
    asked = [step["intent"] for rule in rules for step in rule["steps"] if "intent" in step]
    assert Counter(asked) == Counter(TOPICS)
