"""The estimator page as its script runs: fields, errors, hand-off, results and languages. Figures are those of the rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import NoRulesForDate
from core.fees import Case, estimate
from core.localisation import Language, Money, Text, render, show
from core.money import parse_euro
from core.outlook import rules_on
from core.rights import rights
from core.visits import monthly_hours
from core.weekly import parse_week
from estimator_app import launcher

PATIENCE = 60  # seconds for a page's first imports on a slow machine
IN_2025 = "1.3.2025"


def page(language: Language = "fi", **parameters: str) -> AppTest:
    app = AppTest.from_file(str(launcher.APP), default_timeout=PATIENCE)
    app.query_params.update({"lang": language, **parameters})
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception, [error.value for error in app.exception]
    return app


def fill(app: AppTest, **typed: str) -> AppTest:
    """Type into fields by key, without `kept_`."""
    for key, value in typed.items():
        app.text_input(key=f"kept_{key}").input(value)
    return checked(app.run())


def choose(app: AppTest, key: str, value: Any) -> AppTest:
    return checked(app.radio(key=f"kept_{key}").set_value(value).run())


def answers(app: AppTest) -> str:
    return "\n".join(alert.value for alert in [*app.success, *app.info])


def euros(amount: str, language: Language = "fi") -> str:
    return show(Money(Decimal(amount)), language)


def tables(app: AppTest) -> list[list[list[str]]]:
    return [[list(table.value.columns), *table.value.values.tolist()] for table in app.table]


def test_the_link_of_the_assistant_and_an_income_give_the_estimate() -> None:
    app = page("sv", v="1", size="4", hours="12")
    assert app.radio(key="kept_adults").value + app.number_input(key="kept_children").value == 4
    assert app.text_input(key="kept_hours_weekday_day").value == "12"
    fill(app, income="3000", start="2025-03-01")
    (sentence,) = app.success
    assert euros("132.00", "sv") in sentence.value
    assert euros("92.64", "sv") in sentence.value
    assert [row[1:] for row in tables(app)[1][1:3]] == [["300,00\xa0€", "339,36\xa0€"], ["132,00\xa0€", "92,64\xa0€"]]


def test_voucher_and_own_worker_stand_side_by_side() -> None:
    app = fill(page(v="1", size="5", hours="16", date="2025-03-01"), income="2900")
    app = fill(choose(app, "price_way", "known"), price_0_weekday_day="40")
    (comparison, payers, *_) = tables(app)
    assert [row[1:] for row in comparison[1:]] == [[euros("240"), euros("73.76")], [euros("176"), euros("9.76")]]
    assert [row[1:] for row in payers[1:]] == [
        [euros("400"), euros("566.24")],
        [euros("176"), euros("9.76")],
        [euros("64"), euros("64")],
        [euros("640"), euros("640")],
    ]


def test_every_provider_is_compared() -> None:
    app = choose(fill(page(v="1", size="4", hours="12", date="2025-03-01"), income="3000"), "price_way", "known")
    compare, remove = Text("Compare another provider"), Text("Remove the last provider")
    button(app, compare).click().run()
    fill(app, provider_0="Aamu", price_0_weekday_day="34", provider_1="Ilta", price_1_weekday_day="40")
    rows = tables(app)[0][1:]
    assert [name for name, *_ in rows[:2]] == [
        render(Text("Voucher: {provider}", {"provider": name}), "fi") for name in ("Aamu", "Ilta")
    ]
    assert [row[1] for row in rows] == [euros("108"), euros("180"), euros("132")]
    button(app, remove).click().run()
    assert [row[1] for row in tables(app)[0][1:]] == [euros("108"), euros("132")]


def button(app: AppTest, label: Text) -> Any:
    return next(button for button in app.button if button.label == render(label, "fi"))


@pytest.mark.parametrize("typed", ["4000,5", "4 000,50", "4.000,50 €", "4\u00a0000,5", "4000.50"])
def test_income_as_people_type_it(typed: str) -> None:
    app = fill(page(v="1", size="4", hours="12", date="2025-03-01"), income=typed)
    assert not app.error
    assert any("4\xa0000,50\xa0€" in text.value for text in app.markdown)


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize(
    ("key", "typed"), [("income", "4.000"), ("income", "-5"), ("hours_weekday_day", "12,3"), ("start", "30.2.2025")]
)
def test_what_was_not_understood_is_said_beside_the_field_and_kept(language: Language, key: str, typed: str) -> None:
    app = fill(page(language, v="1", size="4", hours="12"), **{"income": "3000", key: typed})
    (error,) = app.error
    field = app.text_input(key=f"kept_{key}")
    assert field.label in error.value
    assert field.value == typed
    assert not app.success
    assert not app.table
    fill(app, **{key: {"income": "3000", "hours_weekday_day": "12", "start": IN_2025}[key]})
    assert not app.error
    assert app.success


def test_a_price_that_was_not_understood_stops_the_estimate() -> None:
    app = choose(fill(page(v="1", size="4", hours="12", date="2025-03-01"), income="3000"), "price_way", "known")
    fill(app, price_0_weekday_day="halpa")
    assert "halpa" in app.error[0].value
    assert not app.success


def test_typed_marks_have_no_meaning_in_the_error() -> None:
    app = fill(page(), income="[a](http://example.org) **b** <i>")
    assert "\\[a\\]\\(http" in app.error[0].value


@pytest.mark.parametrize("way", ["empty", "unknown"])
def test_no_income_is_not_zero(way: str) -> None:
    app = page(v="1", size="4", hours="12", date="2025-03-01")
    if way == "unknown":
        choose(fill(app, income="1000"), "income_way", "unknown")
    assert not app.success
    (sentence,) = app.info
    assert sentence.value.count(euros("132.00")) == 2
    assert show(Money(Decimal(2338), 0), "fi") in sentence.value


def test_an_income_of_zero_is_an_income() -> None:
    app = fill(page(v="1", size="4", hours="12", date="2025-03-01"), income="0")
    assert euros("0") in app.success[0].value


def test_a_yearly_sum_counts_by_the_month() -> None:
    app = choose(fill(page(v="1", size="4", hours="12", date="2025-03-01"), income="36000"), "income_per", "year")
    assert euros("92.64") in app.success[0].value


def test_incomes_are_added_up_and_some_left_out() -> None:
    app = choose(page(v="1", size="4", hours="12", date="2025-03-01"), "income_way", "kinds")
    fill(app, income_wages_0="2 500", income_wages_1="1000", income_child_maintenance_paid_0="500")
    assert euros("132") in app.success[0].value
    assert euros("92.64") in app.success[0].value
    left_out = render(Text("Child benefit"), "fi").lower()
    assert any(left_out in info.value for info in app.info)
    assert not any(field.key.startswith("kept_income_child_benefit") for field in app.text_input)
    app.radio(key="kept_adults").set_value(1).run()
    assert not any(field.key == "kept_income_wages_1" for field in app.text_input)


def test_weekly_visits_are_split_by_the_clock() -> None:
    app = choose(page(v="1", size="4", date="2025-03-01"), "hours_way", "week")
    fill(app, visits="ti 16-19, la 10-14", income="3000")
    hours = monthly_hours(list(parse_week("ti 16-19, la 10-14")), rules_on("keski-suomi", date(2025, 3, 1)).bands.value)
    first, later = estimate(Case(date(2025, 3, 1), 4, hours, Decimal(3000))).periods
    assert euros(str(first.copayment_total)) in app.success[0].value
    assert euros(str(later.copayment_total)) in app.success[0].value
    assert len(tables(app)[2]) == 1 + 3  # two bands on Tuesday, one on Saturday


def test_a_visit_can_be_chosen_instead_of_typed() -> None:
    app = choose(page(), "hours_way", "week")
    app.selectbox(key="kept_chosen_day").set_value("sat")
    app.selectbox(key="kept_chosen_start").set_value("22:00")
    app.selectbox(key="kept_chosen_end").set_value("01:00")
    button(app, Text("Add this visit")).click().run()
    button(app, Text("Add this visit")).click().run()
    typed = app.text_input(key="kept_visits").value
    assert [(visit.weekday, visit.start, visit.end) for visit in parse_week(typed)] == [("sat", "22:00", "01:00")] * 2


def test_a_family_of_four_with_two_visits_needs_at_most_eight_inputs() -> None:
    app = page()
    used = 0
    for change in (
        lambda: app.number_input(key="kept_children").set_value(2),
        lambda: app.text_input(key="kept_income").input("3000"),
        lambda: app.radio(key="kept_hours_way").set_value("week"),
        lambda: app.text_input(key="kept_visits").input("ti 16-19, la 10-14"),
    ):
        change()
        checked(app.run())
        used += 1
    assert app.success
    assert used <= 8


def test_a_link_with_a_whole_case_fills_every_field() -> None:
    app = page(
        "sv", v="1", size="4", visits="tue.16:00-19:00,sat.10:00-14:00", date="2025-03-01", price="40", month="3"
    )
    assert app.radio(key="kept_hours_way").value == "week"
    assert len(parse_week(app.text_input(key="kept_visits").value)) == 2
    assert app.text_input(key="kept_price_0_weekday_day").value == "40"
    assert app.text_input(key="kept_start").value == IN_2025
    fill(app, income="3000")
    assert app.success


def test_hours_at_other_times_come_with_the_link() -> None:
    app = page(v="1", size="4", **{"hours": "8", "hours.sunday": "4.5"})
    assert app.checkbox(key="kept_other_times").value
    assert app.text_input(key="kept_hours_sunday").value == "4,5"


def test_the_link_does_not_undo_what_was_typed() -> None:
    app = fill(page(v="1", size="4", hours="12"), hours_weekday_day="20", income="3000")
    assert app.text_input(key="kept_hours_weekday_day").value == "20"
    app.number_input(key="kept_children").set_value(5).run()
    assert app.text_input(key="kept_hours_weekday_day").value == "20"


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_link_to_take_along_holds_no_income(language: Language) -> None:
    app = fill(page(language, v="1", size="4", hours="12", date="2025-03-01"), income="3456,78")
    (link,) = [text.value for text in app.markdown if "/?v=1" in text.value]
    assert f"/?v=1&lang={language}&size=4&hours=12&date=2025-03-01)" in link
    assert "3456" not in link


@pytest.mark.parametrize(("hours", "price"), [("0,25", "0"), ("744", "9999,99")])
@pytest.mark.parametrize("income", ["0", "9 999 999,99"])
def test_the_ends_of_what_is_allowed(hours: str, price: str, income: str) -> None:
    app = page(v="1", size="30", date="2025-03-01", price="36")
    fill(app, hours_weekday_day=hours, price_0_weekday_day=price, income=income)
    assert not app.error
    assert app.success


def test_more_hours_than_a_month_has_are_refused() -> None:
    app = page(v="1", size="4", date="2025-03-01", **{"hours": "700", "hours.night": "40"})
    fill(app, hours_night="45")
    assert "745" in app.error[0].value
    assert not app.table


def test_the_month_that_was_asked_about_is_answered() -> None:
    app = fill(page(v="1", size="4", hours="12", date="2025-03-01", month="3"), income="3000")
    asked = Text(
        "You asked about month {month}: in it you pay {total}.", {"month": 3, "total": Money(Decimal("92.64"))}
    )
    assert render(asked, "fi") in [text.value for text in app.markdown]


def test_the_rules_of_jamsa_by_date() -> None:
    app = fill(page(v="1", size="4", hours="12"), income="3000", start="1.3.2022")
    (error,) = app.error
    assert "1.3.2022" in error.value
    choose(app, "authority", "jamsa")
    assert not app.error
    assert euros("0.00") in app.success[0].value
    assert not any(field.key == "kept_income" for field in app.text_input)


def test_a_date_without_rules_is_refused_with_the_periods_there_are() -> None:
    with pytest.raises(NoRulesForDate):
        rules_on("keski-suomi", date(2023, 3, 1))
    app = fill(page(v="1", size="4", hours="12"), income="3000", start="1.3.2023")
    (error,) = app.error
    assert "1.1.2024" in error.value
    assert not app.success
    assert not app.table


def test_unconfirmed_rules_are_said() -> None:
    app = fill(page(v="1", size="4", hours="12", date="2026-03-01"), income="3000")
    assert any("1.3.2026" in warning.value for warning in app.warning)
    confirmed = fill(page(v="1", size="4", hours="12", date="2025-03-01"), income="3000")
    assert not confirmed.warning


def test_a_large_payment_points_to_the_reduction() -> None:
    app = fill(page(v="1", size="4", hours="30", date="2025-03-01"), income="3000")
    assert any(euros("330") in warning.value for warning in app.warning)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_step_note_and_right_is_shown_with_its_source(language: Language) -> None:
    app = fill(page(language, v="1", size="4", hours="12", date="2025-03-01"), income="3000")
    result = estimate(Case(date(2025, 3, 1), 4, {"weekday_day": Decimal(12)}, parse_euro("3000")))
    said = "\n".join(text.value for text in app.markdown)
    for step in result.steps:
        assert render(step.text, language) in said
    for note in result.notes:
        assert render(note.text, language) in said
    for right in rights(date(2025, 3, 1)):
        assert render(right.text, language) in said


def test_before_the_hours_are_told_the_limit_is_shown() -> None:
    app = page(v="1", size="4", date="2025-03-01")
    assert not app.table
    assert any(show(Money(Decimal(2338), 0), "fi") in text.value for text in app.markdown)


def test_another_language_keeps_what_was_typed() -> None:
    app = fill(page("fi", v="1", size="4", hours="12", date="2025-03-01"), income="3000")
    app.query_params["lang"] = "sv"
    checked(app.run())
    assert app.text_input(key="kept_income").value == "3000"
    assert euros("92.64", "sv") in answers(app)
