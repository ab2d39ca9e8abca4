"""Values as people in Finland read them, and every sentence of `core` in every language."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.figures import contact_figures, figures
from core.localisation import LANGUAGES, Hours, Language, Money, Name, Percent, Text, Value, language_of, render, show
from core.ruleset import rule_book

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
SPACE = "\u00a0"  # no-break space


@pytest.mark.parametrize(
    ("value", "fi", "sv"),
    [
        (Money(Decimal("92.64")), "92,64 €", "92,64 €"),
        (Money(Decimal(132)), "132,00 €", "132,00 €"),
        (Money(Decimal("1234.5")), "1 234,50 €", "1 234,50 €"),
        (Money(Decimal("9999999.99")), "9 999 999,99 €", "9 999 999,99 €"),
        (Money(Decimal(0)), "0,00 €", "0,00 €"),
        (Money(Decimal(2338), 0), "2 338 €", "2 338 €"),
        (Percent(Decimal("8.75")), "8,75 %", "8,75 %"),
        (Percent(Decimal("14.00")), "14 %", "14 %"),
        (date(2025, 3, 1), "1.3.2025", "1.3.2025"),
        (date(2025, 12, 31), "31.12.2025", "31.12.2025"),
        (time(8, 0), "8.00", "8.00"),
        (time(14, 30), "14.30", "14.30"),
        (4, "4", "4"),
        (12345, "12 345", "12 345"),
        (Decimal("1234.50"), "1 234,5", "1 234,5"),
        (Decimal(744), "744", "744"),
        (Name("014 266 0149"), "014 266 0149", "014 266 0149"),
        ("as given", "as given", "as given"),
    ],
    ids=str,
)
def test_values_of_finland(value: Value, fi: str, sv: str) -> None:
    shown = [show(value, language) for language in ("fi", "sv")]
    assert [text.replace(SPACE, " ") for text in shown] == [fi, sv]


@pytest.mark.parametrize("value", [Money(Decimal("1234.50")), Percent(Decimal(14)), 12345], ids=str)
def test_a_figure_never_breaks_over_two_lines(value: Value) -> None:
    assert [language for language in LANGUAGES if " " in show(value, language)] == []


@pytest.mark.parametrize(
    ("hours", "fi", "sv", "en"),
    [
        ("12", "12 tuntia", "12 timmar", "12 hours"),
        ("1", "1 tunti", "1 timme", "1 hour"),
        ("12.50", "12,5 tuntia", "12,5 timmar", "12,5 hours"),
        ("0.25", "0,25 tuntia", "0,25 timmar", "0,25 hours"),
        ("744", "744 tuntia", "744 timmar", "744 hours"),
    ],
)
def test_hours_with_their_unit(hours: str, fi: str, sv: str, en: str) -> None:
    shown = [show(Hours(Decimal(hours)), language).replace(SPACE, " ") for language in LANGUAGES]
    assert shown == [fi, sv, en]


def test_lists_are_joined_in_the_language() -> None:
    places = [Name("Jyväskylä"), Name("Laukaa"), Name("Äänekoski")]
    assert [show(places, language) for language in ("fi", "sv")] == [
        "Jyväskylä, Laukaa ja Äänekoski",
        "Jyväskylä, Laukaa och Äänekoski",
    ]
    assert [show(places[:2], language) for language in ("fi", "sv")] == ["Jyväskylä ja Laukaa", "Jyväskylä och Laukaa"]
    assert show(places[:1], "fi") == "Jyväskylä"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("fi", "fi"), ("fi-FI", "fi"), ("sv", "sv"), ("sv-FI", "sv"), ("sv_SE", "sv"), ("SV", "sv"), (" sv ", "sv"),
        ("en-GB", "en"), ("de", "fi"), ("svenska", "fi"), ("", "fi"), (None, "fi"),
    ],
)  # fmt: skip
def test_language_of_a_tag(tag: str | None, language: Language) -> None:
    assert language_of(tag) == language


def test_a_sentence_names_its_values_and_a_missing_one_is_an_error() -> None:
    inner = Text("{n}", {"n": Money(Decimal(5))})
    assert render(Text("pays {what} of {total}", {"what": inner, "total": 3}), "en") == f"pays 5,00{SPACE}€ of 3"
    with pytest.raises(KeyError):
        render(Text("pays {what}"), "en")


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    assert render(Text("{given} was given", {"given": "{limit}"}), "en") == "{limit} was given"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_every_golden_estimate_is_whole(language: Language, run: Any) -> None:
    cases = yaml.safe_load((GOLDEN / "estimates.yml").read_text(encoding="utf-8"))
    given = "".join(json.dumps(case["given"]) + "\n" for case in cases)
    code, out, err = run("estimate", "--lines", "--lang", language, given=given)
    assert (code, err) == (0, "")
    answers = [json.loads(line) for line in out.splitlines()]
    texts = {row["text"] for answer in answers for row in (*answer["steps"], *answer["notes"])}
    texts |= {part for answer in answers for step in answer["steps"] for part in step["source"].values()}
    assert len(texts) > 500
    assert [text for text in texts if not text.strip() or "{" in text or "}" in text or "None" in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_is_one_line(language: Language, run: Any) -> None:
    data = yaml.safe_load((GOLDEN / "refusals.yml").read_text(encoding="utf-8"))
    offenders = []
    for case in data["refusals"]:
        changed = {**data["good"][case["command"]], **case.get("change", {})}
        given = case.get("text", json.dumps({name: value for name, value in changed.items() if value != "~missing"}))
        code, out, err = run(case["command"], "--lang", language, given=given)
        if (code, out, err.count("\n")) != (2, "", 1) or not err.startswith(case["field"]):
            offenders.append((case, code, out, err))
    assert offenders == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_situation_and_every_voucher_for_informal_care_has_its_sentences(language: Language, run: Any) -> None:
    for authority, on in (("keski-suomi", "2025-03-01"), ("keski-suomi", "2027-12-31"), ("jamsa", "2022-12-31")):
        situations = next(
            list(period.situations.value)
            for period in rule_book().home_service[authority]
            if date.fromisoformat(on) in period.valid
        )
        given = json.dumps({"authority": authority, "on": on, "situations": situations})
        answer = json.loads(run("assess", "--lang", language, given=given).out)
        texts = [reason["text"] for reason in answer["reasons"]]
        assert len(set(texts)) == len(situations)
        assert [text for text in texts if not text.endswith(".")] == []
    given = '{"on": "2025-03-01", "fee_class": 1, "instead_of": "leave"}'
    answer = json.loads(run("informal-care", "--lang", language, given=given).out)
    assert [row["text"] for row in (*answer["steps"], *answer["notes"]) if "{" in row["text"]] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("on", [date(2024, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2027, 12, 31)], ids=str)
def test_every_figure_can_be_shown(language: Language, on: date) -> None:
    for size in (None, 1, 6, 7, 30):
        shown = {name: show(value, language) for name, value in figures(on, size).items()}
        assert [name for name, text in shown.items() if not text.strip()] == []
    assert {name: value for name, value in figures(on).items() if name in contact_figures(on)} == contact_figures(on)


def test_figures_are_those_of_the_rules() -> None:
    def shown(on: date, size: int) -> dict[str, str]:
        return {name: show(value, "fi").replace(SPACE, " ") for name, value in figures(on, size).items()}

    year_2025, year_2026 = shown(date(2025, 3, 1), 4), shown(date(2026, 3, 1), 7)
    assert (year_2025["income_limit"], year_2026["income_limit"]) == ("2 338 €", "3 897 €")
    assert [year_2025[f"income_limit_{size}"] for size in range(1, 7)] == [
        "653 €", "1 205 €", "1 891 €", "2 338 €", "2 830 €", "3 251 €",
    ]  # fmt: skip
    assert year_2025["income_limit_each_further"] == "389 €"
    assert (year_2025["voucher_minimum"], year_2025["voucher_maximum"]) == ("25,00 €", "36,00 €")
    assert (year_2025["own_service_price"], year_2025["full_share"]) == ("11,00 €", "11,00 €")
    assert (year_2025["sunday_minimum"], year_2025["sunday_maximum"]) == ("50,00 €", "72,00 €")
    assert (year_2025["lowest_percentage"], year_2025["highest_percentage"]) == ("6 %", "35 %")
    assert (year_2025["initial_months"], year_2025["first_later_month"]) == ("2", "3")
    assert (year_2025["emergency_number"], year_2025["social_emergency_number"]) == ("112", "014 266 0149")
    assert (year_2025["coordinator_opens"], year_2025["coordinator_closes"]) == ("8.00", "14.00")
    assert year_2025["call_back_days"] == "3"
    assert year_2025["provider_register"] == "palse.fi"
