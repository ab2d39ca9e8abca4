"""The golden cases: `tests/golden/*.yml` answered exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.errors import InvalidInput
from core.money import parse_euro

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
CASE_NOTES = {
    "first_months_above_cap",
    "income_limits_unconfirmed",
    "income_unknown",
    "minimum_voucher_open",
    "own_service_derived",
    "price_above_maximum",
    "price_assumed",
    "rules_unconfirmed",
}
PERIODS = {"months_1_to_2": (1, 2), "months_1_to_3": (1, 3), "from_month_3": (3, None)}


def golden(name: str) -> Any:
    return yaml.safe_load((GOLDEN / f"{name}.yml").read_text(encoding="utf-8"))


ESTIMATES = golden("estimates")
REFUSALS = golden("refusals")
ASSESSMENTS = golden("assessments")
INFORMAL_CARE = golden("informal_care")
AMOUNTS = golden("amounts")


def test_enough_estimates_each_named_once() -> None:
    names = [case["name"] for case in ESTIMATES]
    assert len(set(names)) == len(names) >= 85


@pytest.mark.parametrize("case", ESTIMATES, ids=lambda case: case["name"])
def test_estimate(case: dict[str, Any], run: Any) -> None:
    code, out, err = run("estimate", "--lang", "en", given=json.dumps(case["given"]))
    assert (code, err) == (0, "")
    assert compact(json.loads(out)) == case["expected"]


@pytest.mark.parametrize("case", ESTIMATES, ids=lambda case: case["name"])
def test_every_estimate_explains_itself(case: dict[str, Any], run: Any) -> None:
    answer = json.loads(run("estimate", "--lang", "en", given=json.dumps(case["given"])).out)
    notes = [note["key"] for note in answer["notes"]]
    assert notes[0] == "estimate_not_decision"
    assert len(notes) == len(set(notes))
    assert all(note["text"].strip() for note in answer["notes"])
    for step in answer["steps"]:
        assert step["text"].strip()
        assert step["source"]["title"].strip()
        assert step["source"]["section"].strip()
    amounts = {step["amount"] for step in answer["steps"]}
    for period in answer["periods"]:
        figures = {period["percentage"], period["monthly_cap"], period["copayment_total"], period["own_service_total"]}
        figures |= {fee[figure] for fee in period["bands"] for figure in ("voucher", "copayment")}
        assert figures - {None} <= amounts


def test_all_estimates_in_one_run_of_lines(run: Any) -> None:
    code, out, err = run(
        "estimate", "--lines", "--lang", "en", given="".join(json.dumps(case["given"]) + "\n" for case in ESTIMATES)
    )
    assert (code, err) == (0, "")
    assert [compact(json.loads(line)) for line in out.splitlines()] == [case["expected"] for case in ESTIMATES]


def compact(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer in the golden file's shape."""
    names = {months: name for name, months in PERIODS.items()}
    short = {
        "rules": answer["rules"],
        "status": answer["rules_status"],
        "limit": answer["income_limit"],
        "excess": answer["income_over_limit"],
    }
    for period in answer["periods"]:
        bands = {fee["band"]: [fee["hours"], fee["price"], fee["voucher"], fee["copayment"]] for fee in period["bands"]}
        assert list(bands) == list(answer["hours"])
        assert answer["hours"] == {band: row[0] for band, row in bands.items()}
        shown: dict[str, Any] = {"bands": bands}
        totals = {"voucher": "voucher_total", "copayment": "copayment_total", "own": "own_service_total"}
        shown["totals"] = {name: period[total] for name, total in totals.items()}
        name = names[period["from_month"], period["to_month"]]
        if name == "from_month_3":
            shown |= {"percentage": period["percentage"], "cap": period["monthly_cap"]}
        else:
            assert period["percentage"] is None
            assert period["monthly_cap"] is None
        short[name] = shown
    short["warnings"] = sorted({note["key"] for note in answer["notes"]} & CASE_NOTES)
    return short


def changed(good: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**good, **change}.items() if value != "~missing"}


@pytest.mark.parametrize(
    "case", REFUSALS["refusals"], ids=lambda case: f"{case['command']} {case.get('change', case.get('text'))}"
)
def test_refusal(case: dict[str, Any], run: Any) -> None:
    given = case["text"] if "text" in case else json.dumps(changed(REFUSALS["good"][case["command"]], case["change"]))
    code, out, err = run(case["command"], "--lang", "en", given=given)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.endswith("\n")
    assert err.startswith(f"{case['field']}: ")
    assert [text for text in case["says"] if str(text) not in err] == [], err


@pytest.mark.parametrize("command", REFUSALS["good"])
def test_the_case_that_refusals_change_is_good(command: str, run: Any) -> None:
    code, out, err = run(command, "--lang", "en", given=json.dumps(REFUSALS["good"][command]))
    assert (code, err) == (0, "")
    assert json.loads(out)


@pytest.mark.parametrize(
    "case", ASSESSMENTS["cases"], ids=lambda case: f"{case.get('authority', '')} {'+'.join(case['situations'])}"[:80]
)
def test_assessment(case: dict[str, Any], run: Any) -> None:
    given = {"on": ASSESSMENTS["on"]} | {name: case[name] for name in ("authority", "on", "situations") if name in case}
    code, out, err = run("assess", "--lang", "en", given=json.dumps(given))
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["outcome", "reasons"]
    assert answer["outcome"] == case["outcome"]
    assert [reason["situation"] for reason in answer["reasons"]] == list(dict.fromkeys(case["situations"]))
    assert [reason["effect"] for reason in answer["reasons"]] == case["effects"]
    for reason in answer["reasons"]:
        assert list(reason) == ["situation", "effect", "text", "source"]
        assert reason["text"].endswith(".")
        assert all(reason["source"][part].strip() for part in ("title", "section"))


@pytest.mark.parametrize("case", INFORMAL_CARE["cases"], ids=lambda case: str(case["given"]))
def test_informal_care(case: dict[str, Any], run: Any) -> None:
    code, out, err = run(
        "informal-care", "--lang", "en", given=json.dumps({"on": INFORMAL_CARE["on"], **case["given"]})
    )
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["voucher_value"] == case["voucher_value"]
    assert answer["deducted_from_fee"] == case["deducted_from_fee"]
    assert answer["limits"] == {"maximum_voucher": "500.00"}
    assert {step["key"]: step["amount"] for step in answer["steps"]} == {
        "voucher_value": case["voucher_value"],
        "deducted_from_fee": case["deducted_from_fee"],
        "maximum_voucher": "500.00",
    }
    assert "rules_unconfirmed" in {note["key"] for note in answer["notes"]}


@pytest.mark.parametrize(("typed", "amount"), AMOUNTS["read"], ids=repr)
def test_amount_is_read(typed: str, amount: str) -> None:
    assert str(parse_euro(typed)) == amount


@pytest.mark.parametrize("typed", AMOUNTS["refused"], ids=repr)
def test_amount_is_refused_and_the_error_says_what_is_expected(typed: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_euro(typed, field="monthly_income")
    assert caught.value.field == "monthly_income"
    assert caught.value.given == typed
    assert str(caught.value).startswith("monthly_income: ")
    assert "4 000,50" in str(caught.value)
