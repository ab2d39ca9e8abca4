"""Measures the assistant's understanding on the held-out messages: `make evaluate` writes report.md beside this file.

The messages in fi.yml and sv.yml were written apart from the training messages, by writers who had not read those; some
short ones stand in both all the same, so the report also counts without them. They are for measuring alone: whoever
tries out a change looks at `python -m tests.heldout.evaluate tests/tuning` instead, which prints and writes nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml
from msgspec import Struct

from bot.components.training_messages import examples
from bot.flow import SUBJECTS, plan
from bot.memory import told
from bot.model import train
from bot.understand import Reader

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
REPORT: Final = HERE / "report.md"
LANGUAGES: Final = ("fi", "sv")
QUESTIONS: Final = "two_questions"  # folder of messages that ask two things, or look as if they did
MONTHS: Final = 2  # of the first period of fees; changes no answer to a first message
BANDS: Final = (0.0, 0.3, 0.5, 0.7, 0.9, 1.01)


class Result(Struct, frozen=True):
    """A held-out message's labels beside what was understood."""

    language: str
    in_training: bool
    topics: tuple[str, ...]
    situations: frozenset[str]
    denied: frozenset[str]
    understood: dict[str, Any]

    @property
    def topic(self) -> str:
        return str(self.understood["intent"]["name"])

    @property
    def confidence(self) -> float:
        return float(self.understood["intent"]["confidence"])

    @property
    def is_right(self) -> bool:
        return self.topic in self.topics


def results(folder: Path, reader: Reader) -> list[Result]:
    """Every message of a folder, read by the trained model."""
    trained = {_plain(example.text) for example in examples()}
    return [
        Result(
            language,
            _plain(case["text"]) in trained,
            tuple(case["topics"]),
            frozenset(case.get("situations") or ()),
            frozenset(case.get("denied") or ()),
            reader.parse(case["text"]),
        )
        for language in LANGUAGES
        for case in yaml.safe_load((folder / f"{language}.yml").read_text(encoding="utf-8"))
    ]


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def share(count: int, of: int) -> str:
    return f"{count / of:.3f} ({count} of {of})" if of else "–"


def topic_lines(measured: list[Result]) -> Iterator[str]:
    in_scope = [r for r in measured if "out_of_scope" not in r.topics]
    outside = [r for r in measured if r.topics[0] == "out_of_scope"]
    danger = [r for r in measured if r.topics[0] == "emergency"]
    safe = [r for r in measured if "emergency" not in r.topics]
    yield f"topics: {share(sum(r.is_right for r in measured), len(measured))}"
    yield f"language: {share(sum(r.understood['language']['code'] == r.language for r in measured), len(measured))}"
    yield f"out_of_scope found: {share(sum(r.topic == 'out_of_scope' for r in outside), len(outside))}"
    yield f"in scope but refused: {share(sum(r.topic == 'out_of_scope' for r in in_scope), len(in_scope))}"
    yield f"emergency found: {share(sum(r.topic == 'emergency' for r in danger), len(danger))}"
    yield f"false alarms of emergency: {share(sum(r.topic == 'emergency' for r in safe), len(safe))}"


def situation_lines(measured: list[Result]) -> Iterator[str]:
    told = [(r.situations, frozenset(r.understood["situations"])) for r in measured]
    both = sum(len(label & found) for label, found in told)
    labels, found_all = sum(len(label) for label, _ in told), sum(len(found) for _, found in told)
    yield f"situations: precision {share(both, found_all)}, recall {share(both, labels)}, F1 {2 * both / max(labels + found_all, 1):.3f}"
    denied = [(r.denied, frozenset(r.understood["denied_situations"])) for r in measured]
    both = sum(len(label & found) for label, found in denied)
    labels, found_all = sum(len(label) for label, _ in denied), sum(len(found) for _, found in denied)
    yield f"denied situations: precision {share(both, found_all)}, recall {share(both, labels)}"


def calibration_lines(measured: list[Result]) -> Iterator[str]:
    for low, high in pairwise(BANDS):
        band = [r for r in measured if low <= r.confidence < high]
        if band:
            mean = sum(r.confidence for r in band) / len(band)
            yield f"| {low:.1f}–{min(high, 1):.1f} | {len(band)} | {mean:.2f} | {sum(r.is_right for r in band) / len(band):.2f} |"


def per_situation_lines(measured: list[Result]) -> Iterator[str]:
    names = sorted({name for r in measured for name in (*r.situations, *r.understood["situations"])})
    for name in names:
        label = sum(name in r.situations for r in measured)
        found = sum(name in r.understood["situations"] for r in measured)
        both = sum(name in r.situations and name in r.understood["situations"] for r in measured)
        yield f"| {name} | {label} | {found} | {both} |"


def confusion_lines(measured: list[Result]) -> Iterator[str]:
    pairs = Counter((r.topics[0], r.topic) for r in measured if not r.is_right)
    for (label, found), count in pairs.most_common(25):
        yield f"| {label} | {found} | {count} |"


def question_lines(cases: list[dict[str, Any]], reader: Reader) -> Iterator[str]:
    """How many messages with two questions are answered whole, and how many with one get a second answer besides."""
    asked = [(_subjects(case["topics"]), _subjects(_answers(case["text"], reader))) for case in cases]
    two = [(of, answered) for of, answered in asked if len(of) > 1]
    one = [(of, answered) for of, answered in asked if len(of) == 1]
    yield f"two questions, both answered: {share(sum(of <= answered for of, answered in two), len(two))}"
    yield f"one question, a second answer besides: {share(sum(len(answered) > 1 for _, answered in one), len(one))}"


def _answers(text: str, reader: Reader) -> tuple[str, ...]:
    heard = {"event": "user", "text": text, "metadata": {}, "parse_data": reader.parse(text)}
    return plan(told([heard]), MONTHS).answers


def _subjects(topics: Iterable[str]) -> frozenset[str]:
    subjects = {topic: subject for subject, members in SUBJECTS.items() for topic in members}
    return frozenset(subjects.get(topic, topic) for topic in topics)


def report(folder: Path) -> str:
    """The whole report as Markdown."""
    reader = Reader(train())
    measured = results(folder, reader)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE, check=False
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain", "bot", "core"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    lines = [f"# Understanding, on the messages of {folder.relative_to(ROOT)}", ""]
    lines += [f"Commit {commit.stdout.strip()}{' and changes after it' if changed.stdout.strip() else ''}.", ""]
    unseen = [result for result in measured if not result.in_training]
    parts = [
        ("Finnish and Swedish", measured),
        *((name, [r for r in measured if r.language == name]) for name in LANGUAGES),
        ("Without the messages that also stand in training", unseen),
        *((f"{name}, without them", [r for r in unseen if r.language == name]) for name in LANGUAGES),
    ]
    for title, part in parts:
        lines += [f"## {title}", "", *(f"- {line}" for line in (*topic_lines(part), *situation_lines(part))), ""]
    if (folder / QUESTIONS).exists():
        lines += ["## Two questions in one message", ""]
        for language in LANGUAGES:
            cases = yaml.safe_load((folder / QUESTIONS / f"{language}.yml").read_text(encoding="utf-8"))
            lines += [f"- {language}: {line}" for line in question_lines(cases, reader)]
        lines += [""]
    lines += [
        "## Calibration",
        "",
        "| confidence | messages | mean confidence | right |",
        "|---|---|---|---|",
        *calibration_lines(measured),
        "",
    ]
    lines += [
        "## Confused most often",
        "",
        "| topic | understood as | messages |",
        "|---|---|---|",
        *confusion_lines(measured),
        "",
    ]
    lines += [
        "## Situations",
        "",
        "| situation | told | found | both |",
        "|---|---|---|---|",
        *per_situation_lines(measured),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE
    text = report(folder)
    if folder == HERE:
        REPORT.write_text(text, encoding="utf-8")
    print(text)
