"""Broken copies of the rule data: every fault is found, and all of them in one run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from core.__main__ import main
from core.errors import RuleDataError
from core.rule_check import check
from core.ruleset import RULES, read_rules

NATIONAL = "national/2022-01-01.yml"
LIMITS_2024 = "national/2024-01-01.yml"
HOME = "home-service/keski-suomi/2024-01-01.yml"
HOME_2026 = "home-service/keski-suomi/2026-01-01.yml"
JAMSA = "home-service/jamsa/2021-01-01.yml"
CARE = "informal-care/keski-suomi/2023-01-01.yml"
CONTACTS = "contacts/keski-suomi/2024-01-01.yml"

Break = Callable[[str, str, str], None]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return shutil.copytree(RULES, tmp_path / "rules")


@pytest.fixture
def replace(rules: Path) -> Break:
    def call(file: str, old: str, new: str) -> None:
        path = rules / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return call


def missing(faults: list[str], expected: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The expected faults of which no line holds all parts."""
    return [parts for parts in expected if not any(all(part in line for part in parts) for line in faults)]


def test_a_copy_of_the_rules_has_no_fault(rules: Path) -> None:
    assert check(rules) == []


def test_many_faults_are_listed_in_one_run(rules: Path, replace: Break) -> None:
    replace(NATIONAL, '    5: ["10", "8.75"', '    5: ["7", "8.75"')  # falls with the hours, rises with the persons
    replace(NATIONAL, '    38: ["35", "24", "19", "16", "14", "12"]', '    38: ["35", "24", "19", "16", "14"]')
    replace(NATIONAL, '    20: ["26", "22", "18", "16", "14", "12"]\n', "")
    replace(NATIONAL, "review_request_days:\n  value: 30", "review_request_days:\n  value: 0")
    replace(LIMITS_2024, '"2338"', '"1338"')
    replace(LIMITS_2024, "to: 2025-12-31", "to: 2025-11-30")
    replace(LIMITS_2024, "ministry_notice_2023", "ministry_notice_2032")
    replace(HOME, "unit: EUR/hour", "unit: EUR/month")
    replace(HOME, 'maximum: "41.40"', 'maximum: "41.45"')
    replace(HOME, 'minimum: "50.00"', 'minimum: "73.00"')
    replace(HOME, 'start: "18:00", end: "21:00"', 'start: "17:30", end: "21:00"')
    replace(HOME, 'start: "20:00", end: "24:00"', 'start: "20:30", end: "24:00"')
    replace(HOME, 'section: "chapter 4"', 'section: " "')
    replace(HOME, "to: 2025-12-31", "to: 2026-01-01")
    replace(JAMSA, "maximum_months:\n  value: 3", "maximum_months:\n  value: -3")
    replace(JAMSA, 'start: "00:00", end: "06:00"', 'start: "06:00", end: "06:00"')
    replace(CARE, '2: "300.00"', '2: "501.00"')
    replace(CARE, 'value: "50"', 'value: "101"')
    replace(CONTACTS, "value: [Jyväskylä, Laukaa", "value: [Jyväskylä, Helsinki")
    replace(CONTACTS, "value: []", "value: [{area: Pohjoinen, phone: '1', municipalities: [Turku]}]")

    faults = check(rules)
    assert (
        missing(
            faults,
            [
                ("national/2022-01-01", "row 5 is below row 4"),
                ("national/2022-01-01", "row 5 rises with the size of the family"),
                ("national/2022-01-01", "row 38 has 5 family sizes"),
                ("national/2022-01-01", "without a gap"),
                ("national/2022-01-01", "review_request_days", "above zero"),
                ("national/2024-01-01", "income_limits", "rise with the size"),
                ("national: gap between 2025-11-30 and 2026-01-01",),
                ("national/2024-01-01", "income_limits", "ministry_notice_2032"),
                ("keski-suomi/2024-01-01", "bands: unit is EUR/month, must be EUR/hour"),
                ("keski-suomi/2024-01-01", "weekday_evening", "not 1.15 times"),
                ("keski-suomi/2024-01-01", "weekday_evening", "own service price"),
                ("keski-suomi/2024-01-01", "sunday", "minimum 73.00"),
                ("keski-suomi/2024-01-01", "150 minutes", "covered more than once", "day 1 at 17:30"),
                ("keski-suomi/2024-01-01", "30 minutes", "not covered", "day 6 at 20:00"),
                ("keski-suomi/2024-01-01", "review_months", "no section"),
                ("home-service/keski-suomi: 2024-01-01 overlaps 2026-01-01",),
                ("jamsa/2021-01-01", "maximum_months", "above zero"),
                ("jamsa/2021-01-01", "night", "06:00–06:00 ends before it starts"),
                ("jamsa/2021-01-01", "not covered", "day 1 at 00:00"),
                ("informal-care/keski-suomi/2023-01-01", "leave_voucher", "at most maximum_voucher"),
                ("informal-care/keski-suomi/2023-01-01", "fee_deduction", "100 percent"),
                ("contacts/keski-suomi/2024-01-01", "online_municipalities", "Helsinki"),
                ("contacts/keski-suomi/2024-01-01", "Pohjoinen", "Turku"),
            ],
        )
        == []
    ), "\n".join(faults)
    assert not any("jamsa" in fault and "own_service" in fault for fault in faults)


def test_what_does_not_fit_its_type_is_listed_for_every_field_of_every_file(rules: Path, replace: Break) -> None:
    replace(NATIONAL, "status: confirmed", "status: sure")
    replace(NATIONAL, "review_request_days:", "review_request_day:")
    replace(NATIONAL, "regular_service_months:\n  value: 2", "regular_service_months:\n  value: two")
    replace(NATIONAL, "wages: {effect: counted", "wages: {effect: taxed")
    replace(LIMITS_2024, "  checked: 2026-11-22", "  checked: last week")
    replace(HOME, '      minimum: "28.75"', '      least: "28.75"')
    replace(
        HOME,
        'own_service_price:\n  value: "11.00"\n  unit: EUR/hour',
        'own_service_price:\n  value: "11.00"\n  unit: euro',
    )
    replace(JAMSA, '  source: {id: jamsa_page, section: "home service for families"}\n', "")
    replace(CONTACTS, "days: [mon, tue", "days: [monday, tue")
    replace(CARE, "leave_days:\n  value: 3\n  unit: days/month", "leave_days:\n  value: 3")

    faults = check(rules)
    assert (
        missing(
            faults,
            [
                (NATIONAL, "income_limits", "sure"),
                (NATIONAL, "review_request_day: is not a known field"),
                (NATIONAL, "review_request_days: missing"),
                (NATIONAL, "regular_service_months", "int"),
                (NATIONAL, "income_kinds", "taxed"),
                (LIMITS_2024, "income_limits", "date"),
                (HOME, "bands", "least"),
                (HOME, "own_service_price", "euro"),
                (JAMSA, "scheme", "source"),
                (CONTACTS, "coordinator_hours", "monday"),
                (CARE, "leave_days", "unit"),
            ],
        )
        == []
    ), "\n".join(faults)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (HOME, "own_service_price:", "scheme:", (HOME, "repeated: scheme")),
        (HOME, '      minimum: "28.75"', '      minimum: "28.75"\n      minimum: "29.75"', (HOME, "repeated: minimum")),
        (NATIONAL, '    5: ["10"', '    4: ["10"', (NATIONAL, "repeated: 4")),
        ("sources.yml", "client_fees_decree:", "client_fees_act:", ("sources.yml", "repeated: client_fees_act")),
        ("sources.yml", "title:", "titel:", ("sources.yml", "titel")),
        (HOME, "valid: {from: 2024-01-01", "valid: {from: 2024-02-01", (HOME, "valid from 2024-02-01", "name")),
        (HOME, "valid: {from: 2024-01-01", "valid: {from: 2024-13-01", (HOME, "month")),
        (HOME, "valid: {from: 2024-01-01", "valid: {from: [", (HOME,)),
        (HOME, "to: 2025-12-31", "to: 2023-12-31", ("keski-suomi/2024-01-01", "ends before it starts")),
        (HOME, "to: 2025-12-31", "to: null", ("keski-suomi: 2024-01-01 overlaps 2026-01-01",)),
        (HOME_2026, "continues: {from: 2024-01-01", "continues: {from: 2020-01-01", (HOME_2026, "no earlier file", "2020-01-01")),
        (HOME_2026, "status: assumed}", "status: guessed}", (HOME_2026, "continues", "status")),
        (HOME_2026, "continues: {from: 2024-01-01, status: assumed}", "", (HOME_2026, "bands: missing")),
        (HOME_2026, "from: 2026-01-01", "from: 2026-01-02", (HOME_2026, "name")),
        (HOME, "    sunday:\n", "    holiday:\n", (HOME, "bands", "holiday")),
        (HOME, "    errands:\n", "    shopping:\n", (HOME, "situations", "shopping")),
        (HOME, 'end: "21:00"', 'end: "21:60"', ("keski-suomi/2024-01-01", "weekday_evening", "21:60")),
        (HOME, "source: {id: granting_criteria, section: \"chapter 1\"}", "source: {id: rumour, section: \"chapter 1\"}", ("situations", "rumour")),
        (HOME, 'text: "Home service does not take the place of early childhood education."', 'text: ""', ("daycare_replacement", "no text")),
        (CARE, '3: "300.00"', '4: "300.00"', ("leave_voucher", "1, 2 and 3")),
        (NATIONAL, '    38: ["35"', '    38: ["135"', ("row 38", "outside")),
        (NATIONAL, '"2591", "2976"]', '"2591"]', ("income_limits", "5 family sizes")),
        (LIMITS_2024, 'each_further: "389"', 'each_further: "0"', ("national/2024-01-01", "income_limits", "rise")),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else None,
)  # fmt: skip
def test_a_single_fault(rules: Path, replace: Break, file: str, old: str, new: str, expected: tuple[str, ...]) -> None:
    replace(file, old, new)
    faults = check(rules)
    assert missing(faults, [expected]) == [], "\n".join(faults)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("sources.yml", ("sources.yml",)),
        ("national", ("national", "no period")),
        ("home-service", ("home-service", "no authority")),
    ],
)
def test_what_is_gone_is_missed(rules: Path, path: str, expected: tuple[str, ...]) -> None:
    gone = rules / path
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    assert missing(check(rules), [expected]) == []


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"- 1", b"text", b"\xff\xfe\x00", b"a: [", b"a: !!python/object:os.system {}"]
)
def test_a_file_that_is_no_rule_data_is_named(rules: Path, content: bytes) -> None:
    (rules / LIMITS_2024).write_bytes(content)
    assert any(LIMITS_2024 in fault for fault in check(rules))


@pytest.mark.parametrize("file", [NATIONAL, HOME, JAMSA, CARE, CONTACTS])
def test_every_fact_needs_each_of_its_parts(tmp_path: Path, file: str) -> None:
    """Each part of each fact is taken away in turn; the file stands alone to be read fast."""
    copy = tmp_path / file
    copy.parent.mkdir(parents=True)
    shutil.copy(RULES / "sources.yml", tmp_path)
    text = (RULES / file).read_text(encoding="utf-8")
    for part in ("value", "unit", "status", "source", "checked"):
        facts = yaml.safe_load(text)
        names = [name for name, fact in facts.items() if isinstance(fact, dict) and "checked" in fact]
        for name in names:
            del facts[name][part]
        copy.write_text(yaml.safe_dump(facts, allow_unicode=True), encoding="utf-8")
        _, faults = read_rules(tmp_path)
        assert missing(faults, [(file, f"{name}: ", part) for name in names]) == []


def test_adding_a_year_or_a_county_is_adding_a_file(rules: Path) -> None:
    (rules / "national/2028-01-01.yml").write_text(
        "valid: {from: 2028-01-01, to: 2029-12-31}\ncontinues: {from: 2026-01-01, status: assumed}\n", encoding="utf-8"
    )
    shutil.copytree(rules / "home-service/keski-suomi", rules / "home-service/pohjois-savo")
    assert check(rules) == []
    book, _ = read_rules(rules)
    assert [str(period.valid.start) for period in book.national] == [
        "2022-01-01",
        "2024-01-01",
        "2026-01-01",
        "2028-01-01",
    ]
    carried, stated = book.national[3].income_limits, book.national[2].income_limits
    assert (carried.value, carried.source, carried.checked) == (stated.value, stated.source, stated.checked)
    assert (stated.status, carried.status) == ("derived", "assumed")
    assert set(book.home_service) == {"jamsa", "keski-suomi", "pohjois-savo"}


def test_faulty_rules_are_never_used(rules: Path, replace: Break, monkeypatch: pytest.MonkeyPatch, capsys) -> None:  # type: ignore[no-untyped-def]
    from core import rule_check, ruleset

    replace(HOME, 'maximum: "36.00"', 'maximum: "37.00"')
    monkeypatch.setattr(ruleset, "RULES", rules)
    ruleset.rule_book.cache_clear()
    try:
        with pytest.raises(RuleDataError) as caught:
            ruleset.rule_book()
    finally:
        ruleset.rule_book.cache_clear()
    assert len(caught.value.faults) > 1
    assert all(fault in str(caught.value) for fault in caught.value.faults)

    monkeypatch.setattr(rule_check.check, "__defaults__", (rules,))
    assert main(["check"]) == 1
    out, err = capsys.readouterr()
    assert [fault in out for fault in caught.value.faults] == [True] * len(caught.value.faults)
    assert err == ""
