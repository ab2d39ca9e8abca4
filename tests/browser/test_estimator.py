"""The estimator in Chromium: what people type in any browser language, the keyboard alone, charts, errors and the summary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.fees import KESKI_SUOMI, Case, estimate
from core.localisation import Language, Money, show
from core.outlook import rules_on
from core.visits import monthly_hours
from core.weekly import parse_week
from tests.browser.looking import ENGLISH, NARROW, NORMAL, PHONE, axe_violations, said, scrolls_sideways, settle

OpenPage = Callable[..., Page]
CASE = {"v": "1", "size": "4", "hours": "12", "date": "2025-03-01"}
each_language = pytest.mark.parametrize("language", ["fi", "sv"])


def field(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-kept_{key} input").first


def fill(page: Page, key: str, typed: str) -> None:
    box = field(page, key)
    box.fill(typed)
    box.press("Enter")
    settle(page)


def choose(page: Page, key: str, number: int) -> None:
    page.locator(f".st-key-kept_{key} [data-baseweb=radio]").nth(number).click()
    settle(page)


def answer(page: Page) -> Locator:
    return page.locator(".st-key-answer [role=alert]")


def euros(amount: str, language: Language) -> str:
    return show(Money(Decimal(amount)), language)


def estimated(open_page: OpenPage, language: Language, **ways: object) -> Page:
    page = open_page(lang=language, **CASE, **ways)
    fill(page, "income", "3000")
    expect(answer(page)).to_contain_text(euros("92.64", language))
    settle(page)
    return page


@pytest.mark.parametrize("locale", ["en-US", "fi-FI", "sv-SE"])
@each_language
def test_a_decimal_comma_is_a_decimal_comma_in_every_browser(
    open_page: OpenPage, locale: str, language: Language
) -> None:
    page = open_page(lang=language, locale=locale, **CASE)
    fill(page, "income", "4000,5")
    expect(field(page, "income")).to_have_value("4000,5")
    page.locator("summary").last.click()
    expect(page.locator(".stMain")).to_contain_text(euros("4000.50", language))


def test_the_link_and_an_income_show_both_payments(open_page: OpenPage) -> None:
    page = open_page(v="1", lang="sv", size="4", hours="12")
    fill(page, "income", "3000")
    fill(page, "start", "2025-03-01")
    expect(answer(page)).to_contain_text(euros("132.00", "sv"))
    expect(answer(page)).to_contain_text(euros("92.64", "sv"))


@each_language
def test_the_whole_estimate_with_the_keyboard_alone(open_page: OpenPage, language: Language) -> None:
    page = open_page(lang=language)

    def tab_to(key: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("key => !!document.activeElement.closest(`.st-key-kept_${key}`)", key):
                return
        raise AssertionError(f"{key} is not reached with the Tab key")

    def typed(text: str) -> None:
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        settle(page)

    tab_to("children")
    typed("2")
    tab_to("income")
    typed("3000")
    tab_to("hours_way")
    page.keyboard.press("ArrowRight")
    settle(page)
    tab_to("visits")
    typed("ti 16-19, la 10-14")
    tab_to("start")
    typed("1.3.2025")
    expect(answer(page)).to_be_visible()
    hours = monthly_hours(list(parse_week("ti 16-19, la 10-14")), rules_on(KESKI_SUOMI, date(2025, 3, 1)).bands.value)
    for period in estimate(Case(date(2025, 3, 1), 4, hours, Decimal(3000))).periods:
        expect(answer(page)).to_contain_text(show(Money(period.copayment_total), language))
    page.keyboard.press("Tab")
    seen = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert seen != "none"


@each_language
@pytest.mark.parametrize("window", [NORMAL, NARROW], ids=["normal", "narrow"])
def test_an_estimate_is_accessible_and_in_one_language(
    open_page: OpenPage, language: Language, window: tuple[int, int]
) -> None:
    page = estimated(open_page, language, window=window)
    for summary in page.locator(".stMain summary").all():
        summary.click()
    settle(page)
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    assert page.requests_elsewhere == []  # type: ignore[attr-defined]
    assert [line for line in said(page) if ENGLISH.search(line)] == []


@each_language
@pytest.mark.parametrize("window", [NORMAL, NARROW], ids=["normal", "narrow"])
def test_every_field_and_error_is_accessible(open_page: OpenPage, language: Language, window: tuple[int, int]) -> None:
    page = open_page(lang=language, window=window, **CASE)
    choose(page, "income_way", 1)
    choose(page, "hours_way", 1)
    choose(page, "price_way", 1)
    page.locator(".stMain summary").first.click()
    fill(page, "visits", "ti 16-19, la 18-22")
    fill(page, "income_wages_0", "paljon")
    expect(page.locator("[data-testid=stAlertContentError]")).to_have_count(1)
    settle(page)
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    assert [line for line in said(page) if ENGLISH.search(line)] == []


@each_language
def test_charts_have_a_sentence_as_their_name(open_page: OpenPage, language: Language) -> None:
    page = estimated(open_page, language)
    charts = page.locator("[data-testid=stVegaLiteChart][role=graphics-document]")
    expect(charts).to_have_count(3)
    names = [chart.get_attribute("aria-label") or "" for chart in charts.all()]
    assert euros("300.00", language) in names[0]
    assert show(Money(Decimal(2338), 0), language) in names[1]
    assert euros("132.00", language) in names[2]


def test_the_week_picture_names_the_visits(open_page: OpenPage) -> None:
    page = open_page(lang="fi", v="1", size="4", visits="tue.16:00-19:00,sat.10:00-14:00")
    name = page.locator("[data-testid=stVegaLiteChart][role=graphics-document]").first.get_attribute("aria-label") or ""
    assert "16.00–19.00" in name
    assert "10.00–14.00" in name


@each_language
def test_the_summary_is_one_accessible_file_in_the_language(
    open_page: OpenPage, language: Language, tmp_path: Path
) -> None:
    page = estimated(open_page, language)
    with page.expect_download() as download:
        page.locator("[data-testid=stDownloadButton] button").click()
    file = tmp_path / "summary.html"
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    assert "src=" not in text
    assert "<script" not in text
    assert "<link" not in text
    paper = page.context.new_page()
    paper.set_viewport_size({"width": 320, "height": 640})
    paper.goto(file.as_uri())
    for figure in ("3000.00", "132.00", "92.64", "300.00", "634.56"):
        expect(paper.locator("main")).to_contain_text(euros(figure, language))
    assert axe_violations(paper) == []
    assert paper.evaluate("document.documentElement.scrollWidth") <= 320
    (link,) = [link.get_attribute("href") or "" for link in paper.locator("a").all()]
    assert link.endswith(f"/?v=1&lang={language}&size=4&hours=12&date=2025-03-01")
    assert [line for line in said(paper) if ENGLISH.search(line)] == []


def test_what_was_typed_stays_on_the_way_to_another_page_and_back(open_page: OpenPage) -> None:
    page = estimated(open_page, "fi", window=PHONE)
    page.locator(".st-key-navigation a").nth(2).click()
    settle(page)
    page.locator(".st-key-navigation a").first.click()
    settle(page)
    expect(field(page, "income")).to_have_value("3000")
    expect(answer(page)).to_contain_text(euros("92.64", "fi"))


def test_what_was_typed_stays_while_its_field_is_hidden(open_page: OpenPage) -> None:
    page = estimated(open_page, "sv")
    choose(page, "income_way", 1)
    expect(field(page, "income")).to_have_count(0)
    choose(page, "income_way", 0)
    expect(field(page, "income")).to_have_value("3000")
    expect(answer(page)).to_contain_text(euros("92.64", "sv"))


def test_income_is_never_in_the_address(open_page: OpenPage) -> None:
    page = estimated(open_page, "fi")
    assert "3000" not in page.url
    links = page.locator("a").evaluate_all("links => links.map(link => link.href)")
    assert not any("3000" in link for link in links)
