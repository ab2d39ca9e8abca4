"""What a conversation leaves behind: the fold of `bot.memory`."""

from __future__ import annotations

from decimal import Decimal

import pytest
from conversation import bot, button, user

from bot.memory import told


def test_nothing_is_known_at_the_start() -> None:
    known = told([])
    assert (known.language, known.household_size, known.hours, known.month) == ("fi", None, None, None)
    assert known.situations == ()
    assert not known.notice_given


def test_facts_add_up_and_the_latest_counts() -> None:
    known = told(
        [
            user("estimate_cost", facts={"household_size": 4, "hours": "12"}),
            bot("estimate_cost"),
            user("estimate_cost", facts={"household_size": 5}),
            bot("estimate_cost"),
            button("price_general", month=3),
        ]
    )
    assert (known.household_size, known.hours, known.month) == (5, Decimal("12"), 3)
    assert known.message.new_facts == {"month"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("household_size", 0),
        ("household_size", 31),
        ("household_size", "four"),
        ("household_size", True),
        ("household_size", 4.5),
        ("hours", "-3"),
        ("hours", "745"),
        ("hours", "12.1"),
        ("hours", "NaN"),
        ("month", "1e9"),
        ("month", None),
    ],
)
def test_a_fact_that_cannot_be_is_left_out(name: str, value: object) -> None:
    known = told([user("estimate_cost", facts={name: value})])
    assert (known.household_size, known.hours, known.month) == (None, None, None)
    assert not known.message.new_facts


def test_situations_add_up_and_are_taken_back() -> None:
    events = [
        user("eligibility_situation", situations=["exhaustion", "multiple_birth"]),
        bot("eligibility_situation"),
        button("eligibility_situation", situations="separation"),
        bot("eligibility_situation"),
        user("deny", denied_situations=["exhaustion", "cleaning_only"]),
    ]
    known = told(events)
    assert known.situations == ("multiple_birth", "separation")
    assert known.message.taken_back == ("exhaustion",)


def test_one_button_takes_everything_back() -> None:
    both = ["exhaustion", "multiple_birth"]
    known = told(
        [user("eligibility_situation", situations=both), button("eligibility_situation", denied_situations=both)]
    )
    assert known.situations == ()
    assert known.message.taken_back == tuple(both)


def test_a_situation_said_to_hold_and_not_to_hold_does_not_hold() -> None:
    known = told([user("eligibility_situation", situations=["exhaustion"], denied_situations=["exhaustion"])])
    assert known.situations == ()


def test_unknown_situations_of_a_forged_button_are_left_out() -> None:
    known = told([button("eligibility_situation", situations=["exhaustion", "rich", 7, None])])
    assert known.situations == ("exhaustion",)


def test_restart_and_a_new_session_forget_everything() -> None:
    before = [
        user("estimate_cost", language="sv", facts={"household_size": 4}, situations=["exhaustion"]),
        bot("notice"),
    ]
    for start in ("restart", "session_started"):
        known = told([*before, {"event": start}, button("price_general")])
        assert (known.language, known.household_size, known.situations, known.notice_given) == ("fi", None, (), False)


@pytest.mark.parametrize(
    ("heard", "language"),
    [
        ([button("price_general", page="sv")], "sv"),
        ([user("greet", language="sv", page="fi")], "sv"),
        # a short message that could be either keeps the conversation's language
        ([user("greet", language="sv"), user("affirm", language=None)], "sv"),
        # the page stays Finnish, the conversation Swedish
        ([user("greet", language="sv", page="fi"), button("price_general", page="fi")], "sv"),
        # the page is switched: the conversation goes along
        ([user("greet", language="sv", page="sv"), button("price_general", page="fi")], "fi"),
        ([user("switch_language", "på svenska tack", language="sv")], "sv"),
        ([user("switch_language", "voitko puhua ruotsia?", language="fi")], "sv"),
        ([user("switch_language", "kan vi ta det på finska", language="sv")], "fi"),
        ([user("switch_language", "englanniksi kiitos", language="fi")], "en"),
        ([user("greet", language="sv"), button("switch_language", language="en")], "en"),
        # what is not one of ours is not a language
        ([user("greet", language="ru", page="xx")], "fi"),
        # only a request for another language names one
        ([user("how_to_apply", "voiko hakea ruotsiksi", language="fi")], "fi"),
    ],
)
def test_language(heard: list[dict[str, object]], language: str) -> None:
    assert told(heard).language == language


def test_an_undecided_language_does_not_count() -> None:
    either = {"code": "sv", "confidence": 0.5, "decided": False}
    event = user("affirm", language=None)
    event["parse_data"]["language"] = either
    assert told([user("greet"), event]).language == "fi"


@pytest.mark.parametrize(
    ("typed", "size"), [("4", 4), ("5 henkeä", 5), ("5 pers.", 5), ("0", None), ("31", None), ("klo 4", None)]
)
def test_a_number_alone_is_the_size_when_the_size_was_asked(typed: str, size: int | None) -> None:
    asked = [user("estimate_cost"), bot("estimate_cost"), user("out_of_scope", typed)]
    assert told(asked).household_size == size
    asked_second = [user("how_to_apply"), bot("how_to_apply"), bot("estimate_cost"), user("out_of_scope", typed)]
    assert told(asked_second).household_size == size
    not_asked = [user("greet"), bot("greet"), user("out_of_scope", typed)]
    assert told(not_asked).household_size is None


@pytest.mark.parametrize(
    ("language", "typed", "size"),
    [("sv", "en", 1), ("fi", "en", None), ("fi", "yksitoista", 11), ("fi", "neljän", 4), ("sv", "två", 2)],
)
def test_a_number_word_alone_is_read_in_its_language(language: str, typed: str, size: int | None) -> None:
    asked = [user("estimate_cost", language=language), bot("estimate_cost"), user("deny", typed, language)]
    assert told(asked).household_size == size


@pytest.mark.parametrize("typed", ["entä jos on 12 tuntia", "ja jos 5 henkeä", "tänk om vi är sex", "entä neljä?"])
def test_numbers_and_joining_words_are_no_danger(typed: str) -> None:
    ranking = [{"name": "emergency", "confidence": 0.9}, {"name": "estimate_cost", "confidence": 0.5}]
    heard = told([user("emergency", typed, intent_ranking=ranking, topics=["emergency", "estimate_cost"])]).message
    assert (heard.topic, heard.topics, heard.ranking) == (
        "estimate_cost",
        ("estimate_cost",),
        (("estimate_cost", 0.5),),
    )


@pytest.mark.parametrize("typed", ["112", "apua", "entä jos 3 kuolee", "entä jos"])
def test_any_other_word_keeps_the_danger(typed: str) -> None:
    assert told([user("emergency", typed, topics=["emergency"])]).message.topic == "emergency"


def test_an_afternoon_is_no_evening() -> None:
    assert told([user("service_times", "entä iltapäivällä?")]).message.times == set()


def test_answers_to_the_latest_message_do_not_count_yet() -> None:
    events = [user("price_general"), bot("notice"), bot("price_general", "price_general_for_size")]
    assert (told(events).notice_given, told(events).last_topic) == (False, None)
    known = told([*events, user("thank")])
    assert (known.notice_given, known.last_topic, known.last_answers) == (
        True,
        "price_general",
        ("price_general_for_size",),
    )


def test_small_talk_leaves_the_topic_before_standing() -> None:
    events = [user("price_general"), bot("price_general"), user("thank"), bot("thank"), user("affirm")]
    assert told(events).last_topic == "price_general"


def test_how_often_in_a_row_the_assistant_was_unsure() -> None:
    once = [user("out_of_scope"), bot("unsure")]
    assert told([*once, user("out_of_scope")]).unsure == 1
    assert told([*once, *once, user("out_of_scope")]).unsure == 2
    assert told([*once, user("greet"), bot("greet"), user("out_of_scope")]).unsure == 0


@pytest.mark.parametrize(
    ("typed", "times"),
    [
        ("ja viikonloppuna?", {"weekend"}),
        ("entä lauantaisin", {"weekend"}),
        ("och på helgen då", {"weekend"}),
        ("entä illalla?", {"evening"}),
        ("på kvällarna och veckoslut", {"evening", "weekend"}),
        ("mitä se maksaa", set()),
    ],
)
def test_times_of_the_week(typed: str, times: set[str]) -> None:
    assert told([user("out_of_scope", typed)]).message.times == times


@pytest.mark.parametrize(
    "typed",
    [
        "entä jos meitä on viisi?",
        "ja viikonloppuna?",
        "mut jos ois 5",
        "men om vi är fem",
        "och på helgen",
        "kvällar då?",
    ],
)
def test_messages_that_go_on(typed: str) -> None:
    assert told([user("out_of_scope", typed)]).message.continues


def test_no_text_is_remembered() -> None:
    assert "salaisuus" not in repr(
        told([user("greet", "salaisuus 131052-308T"), bot("greet"), user("greet", "salaisuus")])
    )
