"""Facts read from messages, against cases kept as data."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.components.facts import CARDINALS, MAX_HOURS, MAX_MONTH, MAX_PERSONS, facts, plain

CASES = yaml.safe_load(Path(__file__).with_name("facts.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", [case for group in CASES for case in group["cases"]], ids=lambda case: case["text"])
def test_facts_of_a_message(case: dict[str, Any]) -> None:
    expected = {name: value for name, value in case.items() if name != "text"}
    assert {fact.entity: fact.value for fact in facts(case["text"])} == expected


@settings(deadline=None)  # a test is never timed
@given(st.text(max_size=300))
def test_any_text_gives_facts_within_bounds(text: str) -> None:
    for fact in facts(text):
        assert 0 <= fact.start < fact.end <= len(text)
        match fact.entity:
            case "household_size":
                assert 1 <= int(fact.value) <= MAX_PERSONS
            case "hours":
                assert 0 < Decimal(fact.value) <= MAX_HOURS
                assert not Decimal(fact.value) % Decimal("0.25")
            case "month":
                assert 1 <= int(fact.value) <= MAX_MONTH


@pytest.mark.parametrize("word", ["neljälle", "viidelle", "kuudelle", "kahdeksalle", "kolmelletoista"])
def test_case_endings_of_finnish_numbers(word: str) -> None:
    values = {"neljälle": 4, "viidelle": 5, "kuudelle": 6, "kahdeksalle": 8, "kolmelletoista": 13}
    assert CARDINALS[plain(word)] == values[word]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_plain_keeps_places(text: str) -> None:
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    "money", ["3000 €", "2500 euroa kuussa", "1800e/kk", "2 400 €", "3000,50 euroa", "4000 euro i månaden"]
)
@pytest.mark.parametrize("sentence", ["tulot {}", "tienaamme yhteensä {}", "vår inkomst är {}", "palkka {} ja vuokra"])
def test_an_income_is_no_fact(sentence: str, money: str) -> None:
    assert facts(sentence.format(money)) == []
