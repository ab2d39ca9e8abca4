"""`python -m core …` as others call it: standard input, standard output, standard error, exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CASE = {
    "authority": "keski-suomi",
    "on": "2025-03-01",
    "household_size": 4,
    "monthly_income": "3000.00",
    "hours": {"weekday_day": "12"},
    "provider_price": {"weekday_day": "36.00"},
}
ANSWER = {
    "rules": "keski-suomi/2024-01-01",
    "rules_status": "confirmed",
    "income_limit": "2338.00",
    "income_over_limit": "662.00",
    "hours": {"weekday_day": "12"},
    "periods": [
        {
            "from_month": 1,
            "to_month": 2,
            "percentage": None,
            "monthly_cap": None,
            "bands": [
                {"band": "weekday_day", "hours": "12", "price": "36.00", "voucher": "25.00", "copayment": "11.00"}
            ],
            "voucher_total": "300.00",
            "copayment_total": "132.00",
            "own_service_total": "132.00",
        },
        {
            "from_month": 3,
            "to_month": None,
            "percentage": "14",
            "monthly_cap": "92.68",
            "bands": [
                {"band": "weekday_day", "hours": "12", "price": "36.00", "voucher": "28.28", "copayment": "7.72"}
            ],
            "voucher_total": "339.36",
            "copayment_total": "92.64",
            "own_service_total": "92.64",
        },
    ],
    "steps": [],
    "notes": [],
}


class Result:
    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.code = done.returncode
        self.raw = done.stdout
        self.out = done.stdout.decode("utf-8")
        self.err = done.stderr.decode("utf-8")


def core(*arguments: str, given: str | bytes = b"", **environment: str) -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "core", *arguments],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )
    return Result(done)


def refused(result: Result) -> str:
    """The one line on standard error of a refusal."""
    assert result.code == 2
    assert result.raw == b""
    assert result.err.count("\n") == 1
    assert result.err.endswith("\n")
    assert "Traceback" not in result.err
    return result.err.strip()


def test_estimate_answers_its_example_to_the_letter() -> None:
    result = core("estimate", "--lang", "en", given=json.dumps(CASE))
    assert (result.code, result.err) == (0, "")
    assert result.out.count("\n") == 1
    answer = json.loads(result.out)
    first = answer["steps"][0]
    assert list(first) == ["key", "text", "amount", "source"]
    assert (first["key"], first["amount"], list(first["source"])) == ("income_limit", "2338.00", ["title", "section"])
    assert list(answer["notes"][0]) == ["key", "text"]
    assert answer["notes"][0]["key"] == "estimate_not_decision"
    # The same values in the same order of keys; the texts are free.
    assert json.dumps({**answer, "steps": [], "notes": []}) == json.dumps(ANSWER)


def test_assess_answers_its_example() -> None:
    result = core("assess", "--lang", "en", given='{"situations": ["exhaustion", "cleaning_only"], "on": "2025-03-01"}')
    assert (result.code, result.err) == (0, "")
    answer = json.loads(result.out)
    assert list(answer) == ["outcome", "reasons"]
    assert answer["outcome"] == "partly"
    assert [(reason["situation"], reason["effect"]) for reason in answer["reasons"]] == [
        ("exhaustion", "ground"),
        ("cleaning_only", "exclusion"),
    ]
    for reason in answer["reasons"]:
        assert list(reason) == ["situation", "effect", "text", "source"]
        assert list(reason["source"]) == ["title", "section"]


@pytest.mark.parametrize(
    ("given", "value", "deducted"),
    [
        ({"on": "2025-03-01", "fee_class": 1, "instead_of": "leave"}, "200.00", "0.00"),
        ({"on": "2025-03-01", "fee_class": 2, "instead_of": "fee", "voucher_value": "300.00"}, "300.00", "150.00"),
    ],
)
def test_informal_care_answers_its_examples(given: dict[str, Any], value: str, deducted: str) -> None:
    result = core("informal-care", "--lang", "en", given=json.dumps(given))
    assert (result.code, result.err) == (0, "")
    answer = json.loads(result.out)
    assert (answer["voucher_value"], answer["deducted_from_fee"]) == (value, deducted)
    assert answer["limits"] == {"maximum_voucher": "500.00"}
    assert answer["steps"]


def test_check_finds_no_fault() -> None:
    result = core("check")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == {"faults": []}


@pytest.mark.parametrize(
    ("command", "given", "names"),
    [
        ("estimate", json.dumps({**CASE, "monthly_income": "-1"}), ["monthly_income", "'-1'", "9999999.99"]),
        ("estimate", json.dumps({**CASE, "on": "2023-12-31"}), ["on", "keski-suomi", "31.12.2023", "1.1.2024"]),
        ("estimate", json.dumps({**CASE, "household_size": "neljä"}), ["household_size", "'neljä'", "1 to 30"]),
        ("estimate", "", ["input", "one JSON object"]),
        ("estimate", "{}\n{}", ["input", "one JSON object"]),
        ("assess", '{"situations": ["väsymys"]}', ["situations", "'väsymys'", "exhaustion"]),
        ("informal-care", '{"fee_class": 5, "instead_of": "leave"}', ["fee_class", "5", "1, 2"]),
    ],
)
def test_bad_input_is_refused_in_one_line(command: str, given: str, names: list[str]) -> None:
    line = refused(core(command, "--lang", "en", given=given))
    assert [name for name in names if name not in line] == [], line


@pytest.mark.parametrize(
    "given",
    [
        b"\xff\xfe{}",
        b'{"situations": ["\xe4"]}',
        b"\xef\xbb\xbf{\xff",
        b"[" * 100_000,
        b'{"situations":' * 50_000,
        b'{"situations": ["\\ud800"]}',
        b"\x00",
        b"1e999999",
        b"9" * 10_000,
    ],
    ids=lambda given: repr(given[:20]),
)
def test_broken_bytes_are_refused_in_one_line(given: bytes) -> None:
    assert refused(core("assess", "--lang", "en", given=given)).startswith("input: ")


def test_newlines_in_what_was_given_stay_on_one_line() -> None:
    given = json.dumps({**CASE, "monthly_income": "30\n00\r\n\u2028\u0085"})
    assert refused(core("estimate", "--lang", "en", given=given)).startswith("monthly_income: ")


def test_a_very_long_value_is_shortened() -> None:
    line = refused(core("estimate", "--lang", "en", given=json.dumps({**CASE, "monthly_income": "1" * 10_000})))
    assert len(line) < 400


def test_lines_are_answered_in_order_and_a_bad_one_does_not_stop_the_others() -> None:
    lines = [
        json.dumps(CASE),
        "nonsense",
        json.dumps({**CASE, "household_size": 0}),
        "",
        json.dumps({**CASE, "on": "2023-01-01"}),
        json.dumps({**CASE, "monthly_income": "2338.00"}),
        "[" * 50_000,
    ]
    result = core("estimate", "--lines", "--lang", "en", given="\n".join(lines))
    assert result.code == 2
    answers = [json.loads(line) for line in result.out.split("\n")[:-1]]
    assert len(answers) == len(lines)
    assert answers[0]["periods"][1]["copayment_total"] == "92.64"
    assert answers[5]["periods"][1]["copayment_total"] == "0.00"
    errors = [answers[number] for number in (1, 2, 3, 4, 6)]
    assert [list(answer) for answer in errors] == [["error"]] * 5
    assert [answer["error"].split(":")[0] for answer in errors] == ["input", "household_size", "input", "on", "input"]
    assert "Traceback" not in result.err


def test_good_lines_exit_with_zero() -> None:
    given = '{"situations": ["exhaustion"], "on": "2025-03-01"}\r\n{"situations": [], "on": "2025-03-01"}\n'
    result = core("assess", "--lines", "--lang", "en", given=given)
    assert (result.code, result.err) == (0, "")
    assert [json.loads(line)["outcome"] for line in result.out.splitlines()] == ["likely", "unclear"]
    empty = core("assess", "--lines", "--lang", "en")
    assert (empty.code, empty.raw, empty.err) == (0, b"", "")


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_language_changes_texts_and_no_figure(lang: str) -> None:
    result = core("estimate", "--lang", lang, given=json.dumps(CASE))
    assert (result.code, result.err) == (0, "")
    answer = json.loads(result.out)
    assert json.dumps({**answer, "steps": [], "notes": []}) == json.dumps(ANSWER)
    assert [step["text"] for step in answer["steps"] if not step["text"].strip()] == []


def test_finnish_is_the_default_and_the_languages_differ() -> None:
    texts = {
        lang: core("assess", *arguments, given='{"on": "2025-03-01", "situations": ["exhaustion"]}').out
        for lang, arguments in {"": [], "fi": ["--lang", "fi"], "sv": ["--lang", "sv"], "en": ["--lang", "en"]}.items()
    }
    assert texts[""] == texts["fi"]
    assert len({texts["fi"], texts["sv"], texts["en"]}) == 3


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
def test_output_is_utf_8_whatever_the_terminal_speaks(encoding: str) -> None:
    result = core("estimate", "--lang", "en", given=json.dumps(CASE), PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (result.code, result.err) == (0, "")
    assert "2\u00a0338\u00a0€" in result.out
    line = refused(
        core("assess", "--lang", "en", given='{"situations": ["väsymys"]}', PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    )
    assert "väsymys" in line


def test_a_case_without_a_day_is_of_today() -> None:
    timeless = {name: value for name, value in CASE.items() if name != "on"}
    today = {**CASE, "on": date.today().isoformat()}
    given = "".join(json.dumps(case) + "\n" for case in (timeless, {**CASE, "on": None}, today))
    result = core("estimate", "--lines", "--lang", "en", given=given)
    assert len(set(result.out.splitlines())) == 1


@pytest.mark.parametrize(
    "arguments", [[], ["estimat"], ["estimate", "--lang", "de"], ["check", "--lines"], ["assess", "extra"]]
)
def test_wrong_arguments_exit_with_two_and_say_nothing_on_standard_output(arguments: list[str]) -> None:
    result = core(*arguments)
    assert (result.code, result.raw) == (2, b"")
    assert result.err.strip()
