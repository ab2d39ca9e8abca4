"""The pages around the estimator, as their script runs: texts from the catalogs, figures from the rules, bad input answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_md5

from core.errors import NoRulesForDate
from core.figures import contacts_on
from core.handoff import Handoff
from core.localisation import LANGUAGES, Language, Money, Text, render, show
from core.rule_check import UNITS
from estimator_app import assistant, launcher, page_texts
from estimator_app.rule_table import FACT_NAMES, has_rules, rule_tables
from estimator_app.sitemap import SITE, Entry, PageName, page_title
from estimator_app.staff_links import iframe, link, qr_code, widget
from estimator_app.words import preferred_language

APP = Path(launcher.APP)
PATIENCE = 60  # seconds for a page's first imports on a slow machine


@pytest.fixture(autouse=True)
def pages_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest takes a folder named `pages` for Streamlit's older way of making pages, and would leave out the frame."""

    class DeclaredPages(PagesManager):
        """Takes AppTest's reset of the setting."""

    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", DeclaredPages)
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)


def run(page: PageName, language: Language = "fi", **parameters: str) -> AppTest:
    """A page of the site after its first run."""
    app = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    app.query_params.update({"lang": language, **parameters})
    return go(app, page)


def go(app: AppTest, page: PageName) -> AppTest:
    """The page after a visitor went there. AppTest's own `switch_page` knows only the older way."""
    app._page_hash = calc_md5(next(entry.path for entry in SITE if entry.name == page))
    return app.run()


def words(app: AppTest) -> str:
    """All that a page says."""
    elements = [*app.title, *app.header, *app.markdown, *app.info, *app.success, *app.warning, *app.error]
    return "\n".join(element.value for element in elements)


@pytest.mark.parametrize("entry", SITE, ids=lambda entry: entry.name)
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_page_runs(entry: Entry, language: Language) -> None:
    app = run(entry.name, language)
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("sv", "sv"), ("fi;q=0.2, sv;q=0.9", "sv"), ("en, de", "fi"), ("sv;q=x", "sv"), (None, "fi"), (",;,", "fi")],
)
def test_browser_language(accepted: str | None, language: Language) -> None:
    assert preferred_language(accepted) == language


def test_a_day_without_rules_is_said_and_does_not_break_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("estimator_app.day.today", lambda: date(2015, 1, 1))
    with pytest.raises(NoRulesForDate) as refused:
        rule_tables(date(2015, 1, 1))
    app = run("staff")
    assert not app.exception
    assert render(refused.value.text, "fi") in [error.value for error in app.error]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_municipalities_that_take_applications_online(language: Language) -> None:
    contacts = contacts_on(date.today())
    app = run("apply", language)
    for place in contacts.municipalities.value:
        app.selectbox(key="kept_municipality").select(place).run()
        online = place in contacts.online_municipalities.value
        told = app.success if online else app.info
        assert place in told[-1].value, place
        assert len(app.success) == (1 if online else 0), place


def test_no_telephone_number_is_invented() -> None:
    assert contacts_on(date.today()).coordinators.value == ()
    missing = Text("You find the telephone number on the website of the wellbeing services county of Central Finland.")
    assert render(missing, "sv") in words(run("apply", "sv"))


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_informal_care_voucher_of_each_class(language: Language) -> None:
    app = run("informal-care", language)
    for fee_class, value in ((1, "200.00"), (2, "300.00"), (3, "300.00")):
        app.radio(key="kept_fee_class").set_value(fee_class).run()
        assert show(Money(Decimal(value)), language) in app.success[0].value


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_informal_care_voucher_as_part_of_the_fee(language: Language) -> None:
    app = run("informal-care", language)
    app.radio(key="kept_instead_of").set_value("fee").run()
    assert not app.success
    app.text_input(key="kept_voucher_value").set_value("301,25").run()
    assert show(Money(Decimal("150.63")), language) in app.success[0].value
    for bad in ("500,01", "paljon", "0", "-5"):
        app.text_input(key="kept_voucher_value").set_value(bad).run()
        assert not app.success, bad
        assert len(app.error) == 1, bad
        assert app.text_input(key="kept_voucher_value").value == bad


def test_what_was_typed_survives_a_visit_to_another_page() -> None:
    app = run("apply")
    app.selectbox(key="kept_municipality").select("Multia").run()
    go(app, "privacy")
    go(app, "apply")
    assert app.selectbox(key="kept_municipality").value == "Multia"


def test_what_was_typed_survives_while_its_field_is_hidden() -> None:
    app = run("estimator")
    app.radio(key="kept_hours_way").set_value("month").run()
    app.text_input(key="kept_hours_weekday_day").input("12").run()
    app.radio(key="kept_hours_way").set_value("week").run()
    app.run()
    assert not any(field.key == "kept_hours_weekday_day" for field in app.text_input)
    app.radio(key="kept_hours_way").set_value("month").run()
    assert app.text_input(key="kept_hours_weekday_day").value == "12"


def test_no_run_writes_over_what_is_being_typed() -> None:
    app = run("estimator", size="4", hours="12")
    app.number_input(key="kept_children").set_value(3).run()
    sent = [field.key for field in (*app.text_input, *app.number_input) if field.proto.set_value]
    assert sent == []


def test_staff_table_names_every_fact_of_the_rules() -> None:
    assert set(FACT_NAMES) == set(UNITS)
    rows = [row for _, rows in rule_tables(date(2026, 11, 22)) for row in rows]
    statuses = {show(row[0], "en"): show(row[2], "en") for row in rows}
    assert statuses["Income limits"] == "derived, not confirmed"
    assert statuses["Hours of the service coordinators"] == "confirmed"
    assert has_rules(date(2025, 3, 1))
    assert not has_rules(date(2015, 3, 1))


def test_staff_link_and_snippets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESTIMATOR_URL", "https://arvio.example/")
    monkeypatch.setenv("ASSISTANT_URL", "https://neuvoja.example")
    estimator, chat = SITE[0], SITE[1]
    filled = Handoff("sv", 4, {"weekday_day": Decimal(12)}, None, date(2025, 3, 1))
    address = link(estimator, filled)
    assert address == "https://arvio.example/?v=1&lang=sv&size=4&hours=12&date=2025-03-01"
    assert link(chat, filled) == "https://arvio.example/chat?lang=sv"
    assert 'src="https://arvio.example/chat?lang=sv&amp;embed=true"' in iframe(
        link(chat, filled, embedded=True), "x", "sv"
    )
    assert 'data-assistant="https://neuvoja.example"' in widget("sv")
    assert qr_code(address).startswith("<svg")


def test_preview_day_must_have_rules() -> None:
    for typed, banners in (("2027-05-01", 1), ("2015-05-01", 0), ("tomorrow", 0)):
        app = run("staff")
        app.text_input(key="typed_preview").set_value(typed)
        app.button(key="show_preview").click().run()
        assert len(app.warning) == banners, typed
        assert len(app.error) == 1 - banners, typed


def test_assistant_that_answers_nonsense_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    for status, body in ((200, b"<html>"), (200, b"[]"), (200, b'{"a": 1}'), (500, b"[]"), (200, b'[{"text": 5}]')):
        monkeypatch.setattr(assistant.httpx, "post", lambda *_, s=status, b=body, **__: httpx.Response(s, content=b))
        with pytest.raises(assistant.AssistantSilent):
            assistant.ask("hei", assistant.new_sender(), "fi")


def test_assistant_answers_with_unknown_fields_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'[{"recipient_id": "x", "text": "Hei", "custom": {"language": "fi", "more": 1}, "image": null}]'
    monkeypatch.setattr(assistant.httpx, "post", lambda *_, **__: httpx.Response(200, content=body))
    assert assistant.ask("hei", "x", "fi")[0].text == "Hei"


def test_senders_are_random() -> None:
    assert len({assistant.new_sender() for _ in range(50)}) == 50


def test_start_fails_loudly_when_streamlit_changed() -> None:
    index = (Path(launcher.streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    for changed in (
        index.replace('<html lang="en">', '<html lang="en" dir="ltr">'),
        index.replace("<title>Streamlit</title>", "<title>Streamlit</title><title>Streamlit</title>"),
        index.replace("You need to enable JavaScript", "Enable JavaScript"),
    ):
        with pytest.raises(launcher.StreamlitChanged, match="must hold it once"):
            launcher.first_page_of(changed, SITE[0], "fi")


def test_start_fails_loudly_when_a_hook_is_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delattr(launcher.streamlit_server, "StaticFileHandler")
    with pytest.raises(launcher.StreamlitChanged, match="StaticFileHandler"):
        launcher.point_streamlit_at(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_page_is_in_the_language(language: Language) -> None:
    index = (Path(launcher.streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    for entry in SITE:
        first = launcher.first_page_of(index, entry, language)
        assert f'<html lang="{language}">' in first
        assert page_title(entry, language) in first
        assert render(page_texts.NOSCRIPT, language) in first
