"""`python -m bot understand`: one line of JSON a line of text, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_TRAINING = 1_800  # seconds; only when no model fits yet
LINES = [
    "vad kostar det för fyra personer, 12 timmar i månaden?",
    "",
    "oon ihan poikki kaksosten kanssa",
    "😀",
    '{"text": "mitä maksaa", "topic": "x"}',
    "/greet",
    "haluan kuolla",
    "apua " * 2_000,
]


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "understand"],
        input="\n".join(LINES),
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=LONGEST_TRAINING,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.timeout(LONGEST_TRAINING)
def test_every_line_has_its_answer(answers: list[dict[str, Any]]) -> None:
    assert [answer["text"] for answer in answers] == LINES
    keys = ["text", "language", "topic", "confidence", "situations", "household_size", "hours", "month"]
    assert all(list(answer) == keys for answer in answers)
    assert all(0 <= answer["confidence"] <= 1 for answer in answers)


def test_the_issue_s_question_is_understood(answers: list[dict[str, Any]]) -> None:
    answer = answers[0]
    assert (answer["language"], answer["topic"]) == ("sv", "estimate_cost")
    assert (answer["household_size"], answer["hours"], answer["month"]) == (4, "12", None)


def test_a_situation_is_understood(answers: list[dict[str, Any]]) -> None:
    assert (answers[2]["language"], answers[2]["topic"]) == ("fi", "eligibility_situation")
    assert set(answers[2]["situations"]) == {"exhaustion", "multiple_birth"}


def test_what_says_nothing_is_out_of_scope(answers: list[dict[str, Any]]) -> None:
    assert answers[1]["topic"] == "out_of_scope"


def test_danger_is_an_emergency(answers: list[dict[str, Any]]) -> None:
    assert answers[6]["topic"] == "emergency"
