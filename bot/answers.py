"""What the assistant says to what it was told.

A response of `bot/domain/responses.yml` (or its variant) is chosen, filled with the figures of the rules and with what
the family has told, and rendered in the conversation's language.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from msgspec import Struct

from bot.flow import Plan, plan
from bot.memory import Told
from core.catalogs import placeholders
from core.eligibility import OUTCOME_TEXTS, Assessment, assess
from core.errors import NoRulesForDate
from core.fees import KESKI_SUOMI
from core.figures import contact_figures, contacts_on, figures
from core.handoff import Handoff, to_query
from core.localisation import Hours, Language, Name, Text, Value, render
from core.ruleset import period_for, periods_of, rule_book

DOMAIN: Final = Path(__file__).resolve().parent / "domain"
MOST_REASONS: Final = 3  # more situations are named in one list, so that the answer stays short


class Button(Struct, frozen=True):
    title: str
    payload: str


class Response(Struct, frozen=True):
    """One response of the domain: English source text and buttons."""

    text: str
    buttons: tuple[Button, ...] = ()


class Answer(Struct, frozen=True):
    """A response chosen, with the values it names. `handoff`: the link to the estimator comes with it."""

    response: str
    values: Mapping[str, Value] = {}
    payload_values: Mapping[str, str] = {}
    offered: tuple[str, ...] = ()
    handoff: Handoff | None = None


def answer_for(utter_action: str, known: Told, on: date) -> dict[str, Any]:
    """The message of an action as Rasa wants it: `text`, `buttons`, `custom`, and which answer it is."""
    turn = plan(known, _initial_months(on))
    topic = _topic_for(utter_action, turn)
    return message(topic, turn, known, on) if topic else {"text": ""}


def message(topic: str, turn: Plan, known: Told, on: date) -> dict[str, Any]:
    """The rendered answer of one topic; on a day without rules, what can be said without them."""
    try:
        return _rendered(topic, compose(topic, turn, known, on), known, on, figures(on, known.household_size))
    except NoRulesForDate:
        without_rules = contact_figures(on)
    try:
        answer = compose(topic, turn, known, on)
    except NoRulesForDate:
        answer = Answer("no_rules")
    if not placeholders(responses()[answer.response].text) <= without_rules.keys() | answer.values.keys():
        answer = Answer("no_rules")
    return _rendered(topic, answer, known, on, without_rules)


def compose(topic: str, turn: Plan, known: Told, on: date) -> Answer:
    """The response of a topic, by what is known."""
    match topic:
        case "eligibility_situation":
            return _eligibility(known, on)
        case "estimate_cost":
            return _estimate(known)
        case "human_handoff" | "contact_coordinator":
            return _contact(topic, on)
        case "voucher_times":
            return _voucher_times(known)
        case "unsure" | "emergency_again":
            return Answer(topic, offered=turn.offered)
        case "emergency":
            return Answer("emergency_perhaps" if turn.offered else "emergency", offered=turn.offered)
        case "privacy":
            return Answer("privacy", {"memory_minutes": memory_minutes()})
    if topic not in responses():
        topic = "out_of_scope"
    variant = f"{topic}_for_size"
    return Answer(variant if known.household_size and variant in responses() else topic)


def _eligibility(known: Told, on: date) -> Answer:
    assessment = assess(known.situations, on)
    if assessment.outcome == "unclear":
        return Answer("eligibility_corrected" if known.message.taken_back else "eligibility_unclear")
    situations = {"situations": json.dumps(list(known.situations))}
    if len(assessment.reasons) > MOST_REASONS:
        return Answer("eligibility_situation_many", _many_reasons(assessment), situations)
    response = "eligibility_situation_unlikely" if assessment.outcome == "unlikely" else "eligibility_situation"
    lines = [render(reason.text, known.language) for reason in assessment.reasons]
    reasons = "\n".join(f"- {line}" for line in lines)
    return Answer(response, {"outcome": OUTCOME_TEXTS[assessment.outcome], "reasons": reasons}, situations)


def _many_reasons(assessment: Assessment) -> dict[str, Value]:
    names = {button.payload: button.title for button in responses()["situation_names"].buttons}
    payloads = [f'/eligibility_situation{{"situations": "{reason.situation}"}}' for reason in assessment.reasons]
    return {
        "outcome": OUTCOME_TEXTS[assessment.outcome],
        "situation_names": [Text(names[payload]) for payload in payloads],
    }


def _estimate(known: Told) -> Answer:
    # the estimator takes hours by the time of the week: those of evenings and weekends are left for the family to place
    hours = {"weekday_day": known.hours} if known.hours and not known.message.times else {}
    handoff = Handoff(known.language, known.household_size, hours, known.month)
    facts = [fact for fact, value in (("size", known.household_size), ("hours", known.hours)) if value]
    response = "_for_".join(["estimate_cost", "_and_".join(facts)]) if facts else "estimate_cost"
    values: dict[str, Value] = {"estimator_link": Name(estimator_link(handoff))}
    if known.hours:
        values["hours"] = Hours(known.hours)
    return Answer(response, values, handoff=handoff)


def _contact(topic: str, on: date) -> Answer:
    coordinators = contacts_on(on).coordinators.value
    if not coordinators:
        return Answer(topic)
    numbers = [Name(f"{coordinator.area} {coordinator.phone}") for coordinator in coordinators]
    return Answer(f"{topic}_with_numbers", {"coordinator_numbers": numbers})


def _voucher_times(known: Told) -> Answer:
    times = known.message.times
    return Answer(f"voucher_times_{next(iter(times))}" if len(times) == 1 else "voucher_times")


def estimator_link(handoff: Handoff) -> str:
    """The estimator's address with what the family told; ESTIMATOR_URL says where it is."""
    return f"{os.environ.get('ESTIMATOR_URL', 'http://localhost:8501').rstrip('/')}/?{to_query(handoff)}"


def _rendered(topic: str, answer: Answer, known: Told, on: date, known_figures: Mapping[str, Value]) -> dict[str, Any]:
    response, language = responses()[answer.response], known.language
    values = {**known_figures, **answer.values}
    paragraphs = [_fill(response.text, values, language)]
    if _names_unconfirmed(response.text, on):
        paragraphs.append(_fill(responses()["unconfirmed"].text, values, language))
    said: dict[str, Any] = {"text": "\n\n".join(paragraphs), "topic": topic, "answer": answer.response}
    buttons = list(response.buttons)
    if answer.offered:
        buttons = sorted(
            (button for button in responses()["unsure"].buttons if button.payload[1:] in answer.offered),
            key=lambda button: answer.offered.index(button.payload[1:]),
        )
    if buttons:
        said["buttons"] = [
            {"title": _fill(button.title, values, language), "payload": _payload(button, answer)} for button in buttons
        ]
    if answer.handoff:
        title = _fill(responses()["estimator_title"].text, {}, language)
        query, url = to_query(answer.handoff), estimator_link(answer.handoff)
        said["custom"] = {"handoff": {"title": title, "query": query, "url": url}, "language": language}
    return said


def _fill(text: str, values: Mapping[str, Value], language: Language) -> str:
    return render(Text(text, {name: values[name] for name in placeholders(text)}), language)


def _payload(button: Button, answer: Answer) -> str:
    payload = button.payload
    for name, value in answer.payload_values.items():
        payload = payload.replace(f"{{{name}}}", value)
    return payload


def _topic_for(utter_action: str, turn: Plan) -> str | None:
    match utter_action:
        case "utter_notice":
            return "notice" if turn.notice else None
        case "utter_second_topic":
            return turn.answers[1] if len(turn.answers) > 1 else None
        case "utter_restart":
            return "restart"
        case _:
            return turn.answers[0] if turn.answers else None


def _names_unconfirmed(text: str, on: date) -> bool:
    return not placeholders(text).isdisjoint(unconfirmed_figures(on))


@lru_cache(maxsize=8)
def unconfirmed_figures(on: date) -> frozenset[str]:
    """Names of the figures that the rules of a day mark as derived or assumed."""
    book = rule_book()
    try:
        national = period_for(book.national, "national rules", on)
        home = period_for(periods_of(book.home_service, KESKI_SUOMI), KESKI_SUOMI, on)
    except NoRulesForDate:
        return frozenset()
    limits = {"income_limit", "income_limit_each_further"}
    limits |= {f"income_limit_{persons + 1}" for persons in range(len(national.income_limits.value.persons))}
    values = {f"{band}_{end}" for band in home.bands.value for end in ("minimum", "maximum")}
    names_of = [
        (national.income_limits, limits),
        (national.percentages, {"lowest_percentage", "highest_percentage"}),
        (home.bands, values | {"voucher_minimum", "voucher_maximum"}),
        (home.own_service_price, {"own_service_price"}),
    ]
    return frozenset().union(*(names for fact, names in names_of if fact and fact.status != "confirmed"))


@lru_cache(maxsize=8)
def _initial_months(on: date) -> int:
    periods = periods_of(rule_book().home_service, KESKI_SUOMI)
    try:
        months = period_for(periods, KESKI_SUOMI, on).initial_months
    except NoRulesForDate:
        months = periods[-1].initial_months
    assert months  # checked on load
    return months.value


@lru_cache(maxsize=1)
def responses() -> dict[str, Response]:
    """The domain's responses by name, without `utter_`."""
    given = yaml.safe_load((DOMAIN / "responses.yml").read_text(encoding="utf-8"))["responses"]
    return {
        name.removeprefix("utter_"): Response(
            variants[0]["text"], tuple(Button(b["title"], b["payload"]) for b in variants[0].get("buttons") or ())
        )
        for name, variants in given.items()
    }


@lru_cache(maxsize=1)
def memory_minutes() -> int:
    """How long a conversation is remembered after its last message, from the domain's session settings."""
    domain = yaml.safe_load((DOMAIN / "topics.yml").read_text(encoding="utf-8"))
    return int(domain["session_config"]["session_expiration_time"])
