"""Which answers a message gets: the plan of `bot.flow`."""

from __future__ import annotations

from typing import Any

import pytest
from conversation import bot, button, user

from bot.flow import SUBJECTS, Plan, plan
from bot.memory import told

MONTHS = 2
GREETED = [user("greet"), bot("notice")]
AFTER_PRICE = [*GREETED, user("price_general"), bot("price_general")]


def planned(*events: dict[str, Any]) -> Plan:
    return plan(told(events), MONTHS)


def ranked(*ranking: tuple[str, float], topic: str = "out_of_scope", **more: Any) -> dict[str, Any]:
    return user(topic, intent_ranking=[{"name": name, "confidence": sure} for name, sure in ranking], **more)


def test_the_first_message_gets_the_notice_and_its_answer() -> None:
    assert planned(user("price_general")) == Plan(True, ("price_general",))
    assert planned(button("price_general")) == Plan(True, ("price_general",))
    assert planned(*GREETED, user("price_general")) == Plan(False, ("price_general",))


@pytest.mark.parametrize("topic", ["greet", "goodbye", "thank"])
def test_what_stands_beside_a_greeting_or_thanks_is_answered(topic: str) -> None:
    tired = user(topic, "hei, olen uupunut", situations=["exhaustion"], topics=[topic, "eligibility_situation"])
    assert planned(tired) == Plan(True, ("eligibility_situation",))
    asks = ranked((topic, 0.9), ("how_to_apply", 0.05), topic=topic, topics=[topic, "how_to_apply"])
    assert planned(asks) == Plan(True, ("how_to_apply",))
    assert planned(*GREETED, asks) == Plan(False, ("how_to_apply",))
    unlikely = ranked((topic, 0.99), ("how_to_apply", 0.0001), topic=topic, topics=[topic, "how_to_apply"])
    assert planned(*GREETED, unlikely) == Plan(False, (topic,))


def test_a_greeting_alone_gets_the_notice_once_and_then_a_greeting() -> None:
    assert planned(user("greet")) == Plan(True)
    assert planned(*GREETED, user("greet")) == Plan(False, ("greet",))


def test_danger_comes_before_everything() -> None:
    assert planned(user("emergency")) == Plan(False, ("emergency",))
    assert planned(user("emergency", situations=["exhaustion"], topics=["emergency", "price_general"])).answers == (
        "emergency",
    )
    assert planned(user("price_general", topics=["price_general", "emergency"])) == Plan(False, ("emergency",))


@pytest.mark.parametrize("topic", ["affirm", "deny", "thank", "out_of_scope", "emergency"])
def test_after_danger_nothing_is_sold(topic: str) -> None:
    assert planned(user("emergency"), bot("emergency"), user(topic)) == Plan(False, ("emergency_again",))


def test_only_where_danger_is_uncertain_the_likeliest_questions_are_offered_beside_it() -> None:
    others = (("what_is_service", 0.7), ("price_general", 0.2), ("duration", 0.15), ("service_times", 0.01))
    certain = ranked(("emergency", 0.61), *others, topic="emergency")
    perhaps = ranked(("emergency", 0.59), *others, topic="emergency")
    assert planned(certain) == Plan(False, ("emergency",))
    assert planned(perhaps) == Plan(False, ("emergency",), ("what_is_service", "price_general"))
    assert planned(perhaps, bot("emergency"), perhaps).offered == ("what_is_service", "price_general")
    assert planned(perhaps, bot("emergency"), certain).offered == ()
    assert planned(perhaps, bot("emergency"), user("thank")).offered == ()
    assert planned(ranked(("emergency", 0.5), ("greet", 0.9), topic="emergency")).offered == ("capabilities",)


def test_after_danger_a_real_question_is_answered() -> None:
    assert planned(user("emergency"), bot("emergency"), user("how_to_apply")).answers == ("how_to_apply",)


def test_after_danger_the_numbers_are_given_again_in_another_language() -> None:
    switch = user("switch_language", "på svenska")
    assert planned(user("emergency"), bot("emergency"), switch) == Plan(False, ("emergency_again",))


def test_switching_the_language_gives_the_last_answer_again() -> None:
    assert planned(*AFTER_PRICE, user("switch_language", "på svenska")).answers == ("switch_language", "price_general")
    assert planned(*GREETED, user("switch_language", "på svenska")).answers == ("switch_language",)
    assert planned(*GREETED, user("switch_language", "toisella kielellä")).answers == ("switch_language_choice",)


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (user("estimate_cost", "entä jos meitä on viisi?", facts={"household_size": 5}), "price_general"),
        (user("out_of_scope", "meitä on viisi", facts={"household_size": 5}), "price_general"),
        (user("eligibility_situation", "entä jos on 12 tuntia", facts={"hours": "12"}), "estimate_cost"),
        (user("service_times", "ja viikonloppuna?"), "voucher_times"),
        (user("out_of_scope", "på helgen då"), "voucher_times"),
        (user("out_of_scope", "entä kolmas kuukausi", facts={"month": 3}), "price_after_two_months"),
        (user("affirm", "entä eka kuukausi", facts={"month": 1}), "price_first_two_months"),
        # these ask something of their own
        (user("how_to_apply", "entä miten haetaan, meitä on viisi", facts={"household_size": 5}), "how_to_apply"),
        (user("income_limits", "entä tulorajat jos meitä on viisi", facts={"household_size": 5}), "income_limits"),
        (user("estimate_cost", "laske mitä maksaa viidelle", facts={"household_size": 5}), "estimate_cost"),
        (button("income_limits", household_size=5), "income_limits"),
        (user("service_times", "saako apua illalla"), "service_times"),
    ],
)
def test_a_new_fact_asks_the_last_fee_topic_again(message: dict[str, Any], answer: str) -> None:
    assert planned(*AFTER_PRICE, message).answers == (answer,)


def test_a_new_fact_after_another_topic_is_no_follow_up() -> None:
    events = [*GREETED, user("how_to_apply"), bot("how_to_apply")]
    assert planned(*events, user("service_times", "ja viikonloppuna?")).answers == ("service_times",)


@pytest.mark.parametrize("topic", ["deny", "eligibility_situation", "out_of_scope", "feedback_negative"])
def test_taking_a_situation_back_assesses_again(topic: str) -> None:
    events = [*GREETED, user("eligibility_situation", situations=["exhaustion"]), bot("eligibility_situation")]
    assert planned(*events, user(topic, denied_situations=["exhaustion"])).answers == ("eligibility_situation",)


def test_a_situation_told_when_asked_is_assessed() -> None:
    asked = [*GREETED, user("eligibility_general"), bot("eligibility_general")]
    assert planned(*asked, user("out_of_scope", situations=["separation"])).answers == ("eligibility_situation",)
    assert planned(*GREETED, user("out_of_scope", situations=["separation"])).answers == ("out_of_scope",)


def test_unsure_offers_the_likeliest_once_and_then_the_person() -> None:
    likely = ranked(
        ("income_limits", 0.4),
        ("free_of_charge", 0.3),
        ("price_general", 0.2),
        ("smartum", 0.16),
        ("out_of_scope", 0.1),
    )
    assert planned(*GREETED, likely) == Plan(False, ("unsure",), ("income_limits", "free_of_charge", "price_general"))
    assert planned(*GREETED, likely, bot("unsure"), likely) == Plan(False, ("unsure_again",))


@pytest.mark.parametrize(
    "ranking",
    [
        [("out_of_scope", 0.8), ("price_general", 0.2)],
        [("price_general", 0.15), ("how_to_apply", 0.1), ("out_of_scope", 0.05)],
        [("greet", 0.5), ("out_of_scope", 0.1)],
        [],
    ],
)
def test_what_is_clearly_something_else_is_not_asked_about(ranking: list[tuple[str, float]]) -> None:
    assert planned(*GREETED, ranked(*ranking)) == Plan(False, ("out_of_scope",))


def test_a_guess_is_asked_about_and_a_sure_topic_is_not() -> None:
    guess = ranked(("duration", 0.3), ("service_times", 0.25), ("out_of_scope", 0.1), topic="duration")
    assert planned(*GREETED, guess) == Plan(False, ("unsure",), ("duration", "service_times"))
    assert planned(*GREETED, user("duration")).answers == ("duration",)
    told_something = ranked(("eligibility_situation", 0.3), topic="eligibility_situation", situations=["exhaustion"])
    assert planned(*GREETED, told_something).answers == ("eligibility_situation",)


def two(*ranking: tuple[str, float], text: str = "words", topics: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    listed = [{"name": name, "confidence": sure} for name, sure in ranking]
    return user(ranking[0][0], text, intent_ranking=listed, topics=list(topics), **more)


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        # two sentences, each with a topic of its own
        (
            two(("price_general", 0.9), ("how_to_apply", 0.02), topics=("price_general", "how_to_apply")),
            ("price_general", "how_to_apply"),
        ),
        # answered in the order in which they are asked, whichever is heard more clearly
        (
            two(("how_to_apply", 0.8), ("price_general", 0.2), topics=("price_general", "how_to_apply")),
            ("price_general", "how_to_apply"),
        ),
        # asking for help is no second question, unless a situation is told with it
        (
            two(("duration", 0.9), ("eligibility_situation", 0.05), topics=("duration", "eligibility_situation")),
            ("duration",),
        ),
        (
            two(
                ("how_to_apply", 0.9),
                ("eligibility_situation", 0.05),
                topics=("eligibility_situation",),
                situations=["exhaustion"],
            ),
            ("how_to_apply", "eligibility_situation"),
        ),
        # a request with a situation is no question about the help itself
        (
            two(
                ("eligibility_situation", 0.9),
                ("where_service_happens", 0.01),
                topics=("eligibility_situation", "where_service_happens"),
                situations=["exhaustion"],
            ),
            ("eligibility_situation",),
        ),
        # unless the whole message is heard to ask it, too
        (
            two(
                ("eligibility_situation", 0.9),
                ("where_service_happens", 0.05),
                topics=("eligibility_situation", "where_service_happens"),
                situations=["exhaustion"],
            ),
            ("eligibility_situation", "where_service_happens"),
        ),
        # no second question
        (two(("price_general", 0.9), ("how_to_apply", 0.07), topics=("price_general",)), ("price_general",)),
        # of one subject, or small talk
        (
            two(("price_general", 0.6), ("income_limits", 0.4), topics=("price_general", "income_limits")),
            ("price_general",),
        ),
        (two(("price_general", 0.9), ("greet", 0.05), topics=("greet", "price_general", "thank")), ("price_general",)),
        # a sentence that means something else alone than in the whole message
        (
            two(("needs_assessment", 0.99), ("duration", 0.01), topics=("needs_assessment", "where_service_happens")),
            ("needs_assessment",),
        ),
    ],
)
def test_two_questions_in_one_message(message: dict[str, Any], answers: tuple[str, ...]) -> None:
    assert planned(*GREETED, message).answers == answers


def test_a_short_goodbye_that_opens_the_conversation_is_a_greeting() -> None:
    assert planned(user("goodbye", "moikka")) == Plan(True)
    assert planned(*GREETED, user("goodbye", "moikka")).answers == ("goodbye",)


@pytest.mark.parametrize(
    ("topic", "text", "facts"),
    [
        ("service_times", "ja saako apua yöllä?", {}),
        ("service_times", "men får man hjälp på kvällen?", {}),
        ("service_times", "ja undrar om nån kan komma på helgen", {}),
        ("eligibility_general", "jos meitä on viisi, saammeko apua?", {"household_size": 5}),
        ("thank", "tack, trevlig helg!", {}),
        ("greet", "hyvää iltaa", {}),
    ],
)
def test_a_question_of_its_own_or_a_courtesy_does_not_go_on_about_prices(
    topic: str, text: str, facts: dict[str, Any]
) -> None:
    assert planned(*AFTER_PRICE, user(topic, text, facts=facts)).answers == (topic,)


def test_after_two_answers_a_new_fact_goes_on_with_the_fees() -> None:
    both = [*GREETED, user("how_to_apply"), bot("how_to_apply"), bot("price_general")]
    assert planned(*both, user("out_of_scope", "entä jos meitä on viisi?", facts={"household_size": 5})).answers == (
        "price_general",
    )


def test_only_topics_with_a_button_are_offered() -> None:
    assert planned(*GREETED, ranked(("bot_challenge", 0.35), ("greet", 0.3))).offered == ()


def test_a_number_alone_answers_the_question_for_the_size() -> None:
    asked = [*GREETED, user("income_limits"), bot("income_limits")]
    assert planned(*asked, user("estimate_cost", "4")).answers == ("income_limits",)


def test_each_topic_has_one_subject() -> None:
    topics = [topic for topics in SUBJECTS.values() for topic in topics]
    assert len(topics) == len(set(topics))
