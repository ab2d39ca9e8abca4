"""What the answers say: whole, in three languages, with the rules' figures and no others."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from conversation import ACTIONS, bot, button, converse, user
from msgspec.structs import replace

from bot.answers import DOMAIN, answer_for, memory_minutes, responses
from bot.flow import FEE_TOPICS, SUBJECTS
from bot.memory import told
from core.catalogs import placeholders
from core.figures import figures
from core.localisation import LANGUAGES, Hours, Language, Money, Name, Percent, Text, render, show
from core.ruleset import Situation

ON = date(2026, 11, 22)
CONFIRMED = date(2025, 3, 1)
MOST_WORDS = 75
CHAT = {"greet", "goodbye", "thank", "affirm", "deny", "restart", "feedback_negative", "switch_language"}
TOPICS = {
    next(iter(intent)) if isinstance(intent, dict) else intent
    for intent in yaml.safe_load((DOMAIN / "topics.yml").read_text(encoding="utf-8"))["intents"]
}
SITUATIONS: tuple[str, ...] = Situation.__args__  # type: ignore[attr-defined]
KNOWN: dict[str, Any] = {
    "household_size": 4,
    "hours": Decimal("12"),
    "month": 3,
    "situations": ("exhaustion", "multiple_birth"),
}
ESTIMATE = "estimate, not a decision"

# What an answer must name, by topic. Figures as in `core.figures`.
MUST: dict[str, tuple[str, ...]] = {
    "duration": ("review_months",),
    "how_to_apply": ("coordinator_first_day", "coordinator_last_day", "coordinator_opens", "coordinator_closes"),
    "apply_online": ("online_municipalities",),
    "contact_coordinator": ("coordinator_opens", "coordinator_closes", "call_back_days"),
    "human_handoff": ("coordinator_opens", "coordinator_closes"),
    "price_general": ("own_service_price", "voucher_minimum"),
    "income_limits": (*(f"income_limit_{persons}" for persons in range(1, 7)), "income_limit_each_further"),
    "price_first_two_months": ("voucher_minimum", "voucher_maximum", "own_service_price"),
    "price_after_two_months": ("voucher_minimum", "voucher_maximum", "lowest_percentage", "highest_percentage"),
    "free_of_charge": ("voucher_maximum",),
    "income_counted": ("income_average_months",),
    "own_service_price": ("own_service_price",),
    "estimate_cost": ("voucher_minimum", "voucher_maximum"),
    "voucher_value": ("voucher_minimum", "voucher_maximum"),
    "voucher_times": tuple(
        f"{band}_{value}"
        for band in ("weekday_day", "weekday_evening", "night", "saturday_day", "sunday")
        for value in ("minimum", "maximum")
    ),
    "provider_price_above_voucher": ("voucher_maximum",),
    "provider_list": ("provider_register", "provider_register_address"),
    "change_provider": ("provider_register",),
    "become_provider": ("provider_register",),
    "smartum": ("provider_register",),
    "informal_care_voucher": (
        "informal_care_class_1",
        "informal_care_class_2",
        "informal_care_maximum",
        "informal_care_deduction",
    ),
    "informal_care_leave": ("informal_care_leave_days",),
    "emergency": ("emergency_number", "social_emergency_number"),
}
MUST_FOR_SIZE = (
    "price_general",
    "income_limits",
    "price_first_two_months",
    "price_after_two_months",
    "free_of_charge",
    "estimate_cost",
    "voucher_value",
)


def answers(topic: str, on: date = ON, **known: Any) -> list[dict[str, Any]]:
    """What a topic is answered with, in the middle of a conversation."""
    base = told([user("greet"), bot("notice"), user(topic)])
    changed = replace(base, **{"language": "en", **known})
    said = [answer_for(action, changed, on) for action in ACTIONS]
    return [message for message in said if message["text"]]


def text(topic: str, language: Language = "en", on: date = ON, **known: Any) -> str:
    return "\n".join(message["text"] for message in answers(topic, on, language=language, **known))


def amounts(said: str) -> set[str]:
    """Everything in a text that is money or a percentage."""
    return set(re.findall(r"\d[\d\u00a0 ]*(?:,\d+)?\u00a0[€%]", said))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", [{}, KNOWN], ids=["nothing known", "all known"])
@pytest.mark.parametrize("topic", sorted(TOPICS - {"restart"}))
def test_every_topic_is_answered_whole_and_short(topic: str, known: dict[str, Any], language: Language) -> None:
    messages = answers(topic, language=language, **known)
    assert messages
    for message in messages:
        assert not re.search(r"[{}]", message["text"])
        assert message["text"] == message["text"].strip()
        words = re.findall(r"\S*\w\S*", re.sub(r"\]\([^)]*\)", "]", message["text"]))
        assert len(words) <= MOST_WORDS
        for each in message.get("buttons", []):
            assert each["title"]
            assert not re.search(r"[{}]", each["title"])


@pytest.mark.parametrize("known", [{}, KNOWN], ids=["nothing known", "all known"])
@pytest.mark.parametrize("topic", sorted(TOPICS - {"restart"}))
def test_every_button_leads_somewhere(topic: str, known: dict[str, Any]) -> None:
    for message in answers(topic, **known):
        for each in message.get("buttons", []):
            assert_known(each["payload"])


def assert_known(payload: str) -> None:
    match = re.fullmatch(r"/(\w+)(\{.*\})?", payload)
    assert match, payload
    assert match[1] in TOPICS, payload
    entities = json.loads(match[2] or "{}")
    assert entities.keys() <= {"household_size", "situations", "denied_situations", "language"}, payload
    for name in ("situations", "denied_situations"):
        given = entities.get(name, [])
        assert set([given] if isinstance(given, str) else given) <= set(SITUATIONS)


def test_every_button_of_the_domain_leads_somewhere() -> None:
    for response in responses().values():
        for each in response.buttons:
            assert_known(each.payload.replace("{situations}", '["exhaustion"]'))


@pytest.mark.parametrize("topic", sorted(TOPICS - CHAT - {"emergency"}))
def test_every_answer_offers_a_next_step(topic: str) -> None:
    buttons = answers(topic)[-1]["buttons"]
    assert 2 <= len(buttons) <= (5 if topic in ("income_limits", "estimate_cost") else 3)
    assert f"/{topic}" not in [each["payload"] for each in buttons]


def test_every_topic_can_be_offered_when_unsure() -> None:
    offered = {each.payload[1:] for each in responses()["unsure"].buttons}
    assert {topic for topics in SUBJECTS.values() for topic in topics} - {"bot_challenge"} <= offered <= TOPICS


def test_a_button_is_called_the_same_everywhere() -> None:
    names = {each.payload: each.title for each in responses()["unsure"].buttons}
    other = {"What to have at hand", "Calculate your own estimate"}
    for response in responses().values():
        for each in response.buttons:
            assert each.payload not in names or each.title == names[each.payload] or each.title in other, each


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", sorted(MUST))
def test_an_answer_holds_the_facts_it_must(topic: str, language: Language) -> None:
    said = text(topic, language)
    known = figures(ON)
    for name in MUST[topic]:
        assert show(known[name], language) in said, name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [1, 4, 7])
@pytest.mark.parametrize("topic", MUST_FOR_SIZE)
def test_an_answer_names_the_limit_of_the_family(topic: str, size: int, language: Language) -> None:
    assert show(figures(ON, size)["income_limit"], language) in text(topic, language, household_size=size)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("on", [CONFIRMED, ON])
@pytest.mark.parametrize("known", [{}, KNOWN], ids=["nothing known", "all known"])
@pytest.mark.parametrize("topic", sorted(TOPICS - {"restart"}))
def test_no_amount_is_said_that_the_rules_do_not_hold(
    topic: str, known: dict[str, Any], on: date, language: Language
) -> None:
    of_rules = {show(value, language) for value in figures(on, 4).values() if isinstance(value, (Money, Percent))}
    assert amounts(text(topic, language, on, **known)) <= of_rules


@pytest.mark.parametrize("topic", sorted(TOPICS - CHAT))
def test_texts_hold_no_digits_of_their_own(topic: str) -> None:
    for name, response in responses().items():
        if name.startswith(topic):
            assert not re.search(r"\d", re.sub(r"\{[^}]*\}", "", response.text)), name


@pytest.mark.parametrize("known", [{}, KNOWN], ids=["nothing known", "all known"])
@pytest.mark.parametrize(
    "topic",
    [
        "eligibility_general",
        "eligibility_situation",
        "exclusions_general",
        *sorted(FEE_TOPICS),
        "informal_care_voucher",
    ],
)
def test_answers_on_eligibility_and_fees_say_they_are_estimates(topic: str, known: dict[str, Any]) -> None:
    assert ESTIMATE in text(topic, **known)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ["income_limits", "price_general", "voucher_times", "estimate_cost"])
def test_unconfirmed_figures_are_called_so(topic: str, language: Language) -> None:
    warning = render(Text(responses()["unconfirmed"].text), language)
    assert warning in text(topic, language, ON)
    assert warning not in text(topic, language, CONFIRMED)
    assert warning not in text("what_is_service", language, ON)


def test_amounts_follow_the_day() -> None:
    assert show(Money(Decimal(2338), 0), "fi") in text("income_limits", "fi", CONFIRMED, household_size=4)
    assert show(Money(Decimal(2503), 0), "fi") in text("income_limits", "fi", ON, household_size=4)


def test_without_rules_for_the_day_no_fee_is_guessed_but_help_is_reached() -> None:
    later = date(2029, 1, 1)
    assert answers("price_general", later)[0]["answer"] == "no_rules"
    assert answers("estimate_cost", later)[0]["answer"] == "no_rules"
    assert answers("eligibility_situation", later, situations=("exhaustion",))[0]["answer"] == "no_rules"
    for topic in ("emergency", "human_handoff", "what_is_service", "provider_list"):
        assert answers(topic, later)[0]["answer"] == topic


# ---------------------------------------------------------------------------------------------- the link


def test_the_estimate_comes_with_the_link_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESTIMATOR_URL", "https://laskuri.example/")
    (message,) = answers("estimate_cost", language="sv", household_size=4, hours=Decimal("12"))
    link = message["custom"]["handoff"]
    assert link["query"] == "v=1&lang=sv&size=4&hours=12"
    assert link["url"] == "https://laskuri.example/?v=1&lang=sv&size=4&hours=12"
    assert link["title"]
    assert f"]({link['url']})" in message["text"]
    assert show(Hours(Decimal("12")), "sv") in message["text"]
    assert message["custom"]["language"] == "sv"


def test_hours_of_evenings_and_weekends_are_left_for_the_family_to_place() -> None:
    heard = user("estimate_cost", "12 tuntia kuussa viikonloppuisin", facts={"hours": "12"})
    (said,) = converse(heard, on=ON)
    assert said[-1]["custom"]["handoff"]["query"] == "v=1&lang=fi"
    assert "12" in said[-1]["text"]


@pytest.mark.parametrize("known", [{}, {"household_size": 4}, {"hours": Decimal("7.5")}, {"month": 3}, KNOWN])
def test_the_link_carries_what_was_told_and_never_income(known: dict[str, Any]) -> None:
    (message,) = answers("estimate_cost", **known)
    query = parse_qs(urlsplit(message["custom"]["handoff"]["url"]).query)
    assert query.keys() <= {"v", "lang", "size", "hours", "month"}
    assert query.get("size") == ([str(known["household_size"])] if "household_size" in known else None)
    assert query.get("month") == ([str(known["month"])] if "month" in known else None)


def test_the_size_is_asked_only_when_it_is_not_known() -> None:
    asked = [each["payload"] for each in answers("estimate_cost")[0]["buttons"]]
    assert asked == [f'/estimate_cost{{"household_size": {size}}}' for size in (2, 3, 4, 5, 6)]
    assert not any(
        "household_size" in each["payload"] for each in answers("estimate_cost", household_size=4)[0]["buttons"]
    )


# ---------------------------------------------------------------------------------------------- eligibility


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_was_understood_is_named(situation: str, language: Language) -> None:
    names = {each.payload: each.title for each in responses()["situation_names"].buttons}
    name = render(Text(names[f'/eligibility_situation{{"situations": "{situation}"}}']), language)
    assert name
    (message,) = answers("eligibility_situation", language=language, situations=(situation,))
    assert message["answer"] in ("eligibility_situation", "eligibility_situation_unlikely")
    (correct,) = [each for each in message["buttons"] if "denied_situations" in each["payload"]]
    assert json.loads(correct["payload"].removeprefix("/eligibility_situation")) == {"denied_situations": [situation]}


@pytest.mark.parametrize("count", [4, 12, len(SITUATIONS)])
def test_many_situations_are_named_in_one_list(count: int) -> None:
    (message,) = answers("eligibility_situation", situations=SITUATIONS[:count])
    for each in responses()["situation_names"].buttons[:count]:
        assert each.title in message["text"]


def test_a_mixed_situation_says_both() -> None:
    said = text("eligibility_situation", situations=("exhaustion", "cleaning_only"))
    assert "one part" in said
    assert "ground" in said
    assert "cleaning alone" in said


def test_help_that_is_not_given_is_not_sold() -> None:
    (message,) = answers("eligibility_situation", situations=("parent_hobby",))
    assert "not given" in message["text"]
    assert "/estimate_cost" not in [each["payload"] for each in message["buttons"]]


def test_one_button_corrects_a_misunderstanding() -> None:
    first, second, third = converse(
        user("eligibility_situation", situations=["exhaustion", "parent_hobby"]),
        button("eligibility_situation", denied_situations=["exhaustion", "parent_hobby"]),
        button("eligibility_situation", situations="separation"),
        on=ON,
    )
    assert [message["topic"] for message in first] == ["notice", "eligibility_situation"]
    assert [message["answer"] for message in second] == ["eligibility_corrected"]
    assert "separation" in str(third).lower() or "ero" in str(third)


# ---------------------------------------------------------------------------------------------- conversations


def test_danger_in_the_first_message_gets_the_numbers_and_nothing_else() -> None:
    for topics in ([], ["emergency", "price_general"]):
        ((message,),) = converse(user("emergency", topics=topics, situations=["exhaustion"]), on=ON)
        known = figures(ON)
        first, second = (show(known[name], "fi") for name in ("emergency_number", "social_emergency_number"))
        assert message["text"].index(first) < message["text"].index(second)
        assert "buttons" not in message
        assert "custom" not in message


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_danger_is_uncertain_the_numbers_come_first_and_the_question_is_one_tap_away(language: Language) -> None:
    ranking = [{"name": "emergency", "confidence": 0.5}, {"name": "eligibility_situation", "confidence": 0.8}]
    suspicion = user("emergency", intent_ranking=ranking, situations=["exhaustion"], language=language)
    (first,), (again,), answered = converse(suspicion, suspicion, button("eligibility_situation"), on=ON)
    known = figures(ON)
    for said in (first, again):
        numbers = [show(known[name], language) for name in ("emergency_number", "social_emergency_number")]
        places = [said["text"].index(number) for number in numbers]
        assert places == sorted(places)
        assert places[0] < 80
        assert [each["payload"] for each in said["buttons"]] == ["/eligibility_situation"]
        assert len(re.findall(r"\S*\w\S*", said["text"])) <= MOST_WORDS
        assert not re.search(r"[{}]", said["text"])
    assert [said["topic"] for said in answered] == ["notice", "eligibility_situation"]
    assert '["exhaustion"]' in str(answered)


def test_the_notice_is_given_once_and_first() -> None:
    first, second = converse(user("price_general"), user("how_to_apply"), on=ON)
    assert [message["topic"] for message in first] == ["notice", "price_general"]
    assert [message["topic"] for message in second] == ["how_to_apply"]


def test_the_size_told_later_answers_for_it() -> None:
    _, second, third = converse(
        user("price_general"),
        user("estimate_cost", "entä jos meitä on viisi?", facts={"household_size": 5}),
        user("out_of_scope", "ja viikonloppuna?"),
        on=ON,
    )
    assert second[0]["answer"] == "price_general_for_size"
    assert show(figures(ON, 5)["income_limit"], "fi") in second[0]["text"]
    assert third[0]["answer"] == "voucher_times_weekend"
    assert show(figures(ON)["sunday_maximum"], "fi") in third[0]["text"]
    assert show(figures(ON)["weekday_evening_minimum"], "fi") not in third[0]["text"]


def test_two_questions_get_two_answers() -> None:
    both = [{"name": "price_general", "confidence": 0.6}, {"name": "how_to_apply", "confidence": 0.4}]
    topics = ["price_general", "how_to_apply"]
    (said,) = converse(user("price_general", intent_ranking=both, topics=topics), on=ON)
    assert [message["topic"] for message in said] == ["notice", "price_general", "how_to_apply"]


def test_switching_the_language_keeps_what_was_told() -> None:
    _, said = converse(
        user("estimate_cost", facts={"household_size": 4}),
        user("switch_language", "på svenska tack", language="sv"),
        on=ON,
    )
    assert [message["topic"] for message in said] == ["switch_language", "estimate_cost"]
    assert said[1]["custom"]["handoff"]["query"] == "v=1&lang=sv&size=4"


def test_when_unsure_the_likeliest_topics_are_buttons_in_their_order() -> None:
    unsure = user("out_of_scope")
    unsure["parse_data"]["intent_ranking"] = [
        {"name": "travel_costs", "confidence": 0.4},
        {"name": "duration", "confidence": 0.3},
    ]
    first, second = converse(unsure, unsure, on=ON)
    assert [each["payload"] for each in first[-1]["buttons"]] == ["/travel_costs", "/duration"]
    assert second[0]["answer"] == "unsure_again"
    assert "/human_handoff" in [each["payload"] for each in second[0]["buttons"]]


# ---------------------------------------------------------------------------------------------- contacts, privacy


def test_numbers_of_coordinators_are_said_when_staff_has_filled_them_in(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot import answers as module
    from core.ruleset import Coordinator

    unset = text("contact_coordinator")
    contacts = module.contacts_on(ON)
    filled = replace(
        contacts.coordinators, value=(Coordinator("North", "000 111", ()), Coordinator("South", "000 222", ()))
    )
    monkeypatch.setattr(module, "contacts_on", lambda _: replace(contacts, coordinators=filled))
    for topic in ("contact_coordinator", "human_handoff"):
        said = text(topic)
        assert "North 000 111" in said
        assert "South 000 222" in said
    if not contacts.coordinators.value:
        assert not re.search(r"\d{3}", unset)


def test_privacy_names_how_long_a_conversation_is_kept() -> None:
    assert str(memory_minutes()) in text("privacy")


def test_every_placeholder_is_known() -> None:
    known = figures(ON, 4).keys() | {
        "memory_minutes", "estimator_link", "coordinator_numbers", "hours", "outcome", "reasons", "situation_names"
    }  # fmt: skip
    for name, response in responses().items():
        assert placeholders(response.text) <= known, name


def test_a_name_is_the_same_in_every_language() -> None:
    assert {show(Name("palse.fi"), language) for language in LANGUAGES} == {"palse.fi"}
