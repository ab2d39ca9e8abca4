"""Which answers a message gets: pure decisions on what is told, without a word of text.

Rasa's rules run `utter_notice`, `utter_<topic>` and `utter_second_topic` for every message; the plan made here says what
each of them says, if anything.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from bot.memory import Message, Told

# Topics by subject. Two topics in one message are both answered only when their subjects differ.
SUBJECTS: Final[dict[str, tuple[str, ...]]] = {
    "what it is": ("what_is_service",),
    "what help": ("what_help_includes",),
    "where": ("where_service_happens",),
    "when": ("service_times",),
    "how long": ("duration", "privacy"),  # the chat is kept so long, the help lasts so long
    "who": ("eligibility_general", "eligibility_situation", "exclusions_general"),
    "assessment": ("needs_assessment",),
    "child protection": ("child_protection_worry",),
    "applying": ("how_to_apply", "apply_online"),
    "person": ("contact_coordinator", "human_handoff"),
    "price": (
        "price_general",
        "income_limits",
        "price_first_two_months",
        "price_after_two_months",
        "free_of_charge",
        "own_service_price",
        "estimate_cost",
    ),
    "income": ("income_counted",),
    "reduction": ("fee_reduction",),
    "voucher": ("what_is_voucher", "smartum"),
    "voucher value": ("voucher_value", "voucher_times", "provider_price_above_voucher"),
    "travel": ("travel_costs",),
    "providers": ("provider_list",),
    "change": ("change_provider",),
    "providing": ("become_provider",),
    "ways": ("ways_of_providing",),
    "family work": ("family_work", "child_protection_family_work"),
    "informal care": ("informal_care_support", "informal_care_apply", "omaolo"),
    "informal care voucher": ("informal_care_voucher", "informal_care_leave"),
    "assistant": ("bot_challenge", "capabilities"),
}
_SUBJECT_OF: Final = {topic: subject for subject, topics in SUBJECTS.items() for topic in topics}
OFFERED: Final = frozenset(_SUBJECT_OF) - {"bot_challenge"}  # topics that have a button when the assistant is unsure

# Answers that say something else when the family's size, its hours, the month or the time of the week is another.
FEE_TOPICS: Final = frozenset(
    topic for subject in ("price", "income", "reduction", "voucher value") for topic in SUBJECTS[subject]
)
_BY_TIME: Final = FEE_TOPICS - {"own_service_price", "income_counted", "fee_reduction", "income_limits"}

# What a message is taken for when it says nothing of its own.
_EMPTY: Final = frozenset({"out_of_scope", "affirm", "deny", "greet", "thank", "feedback_negative"})
# Courtesy beside which the rest of a message is answered: "hei, olen uupunut".
_COURTESY: Final = frozenset({"greet", "goodbye", "thank", "affirm", "deny"})
_CLOSING: Final = frozenset({"affirm", "deny", "thank", "goodbye", "out_of_scope", "bot_challenge"})
# What "entä jos …" and "ja …" are taken for when they only bring a new fact.
_GOES_ON: Final = frozenset(
    {"estimate_cost", "price_general", "service_times", "duration", "eligibility_general", "eligibility_situation"}
)
# "Can we get it?" without a situation, or a word to the assistant, is no second question of its own.
_NEVER_SECOND: Final = frozenset({"eligibility_general", "eligibility_situation", *SUBJECTS["assistant"]})
_ABOUT_HELP: Final = frozenset(
    topic for subject in ("what it is", "what help", "where", "when", "person") for topic in SUBJECTS[subject]
)
_FOLLOW_UP_WORDS: Final = 9
_GREETING_WORDS: Final = 2

SURE: Final = 0.4  # least confidence of a topic that is answered without asking back
LIKELY: Final = 0.1  # least confidence of a topic offered when unsure
LIKELIEST: Final = 0.2  # least confidence of the first of them
MOST_OFFERED: Final = 3
CERTAIN_DANGER: Final = 0.6  # least confidence of danger beside which nothing else is offered
MOST_MEANT: Final = 2  # topics offered beside a less certain one
SECOND: Final = 0.001  # least confidence, in the whole message, of a second topic that a sentence or clause asks
SECOND_ABOUT_HELP: Final = 0.02  # the same for the help itself, beside a situation: "could somebody come home to us?"
NEAREST: Final = 5  # a second topic is among so many likeliest of the whole message


class Plan(Struct, frozen=True):
    """The notice first, if it is due, then the answers, at most two.

    `offered`: the topics to choose from when unsure, of the topic or of the danger.
    """

    notice: bool = False
    answers: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()


def plan(told: Told, initial_months: int) -> Plan:
    """The answers to the latest message; `initial_months` is how long the first period of fees lasts."""
    message = told.message
    in_danger = message.topic == "emergency" or "emergency" in message.topics
    told_before = not {"emergency", "emergency_again"}.isdisjoint(told.last_topics)
    if in_danger:
        return Plan(answers=("emergency_again" if told_before else "emergency",), offered=perhaps_meant(message))
    if told_before and message.topic in _CLOSING:
        return Plan(answers=("emergency_again",))
    if told_before and message.topic == "switch_language" and message.asked_language:
        return Plan(answers=("emergency_again",))
    notice = not told.notice_given
    beside = _beside_courtesy(message)
    if notice and _is_greeting(message) and not beside:
        return Plan(notice=True)
    if message.topic == "switch_language":
        return Plan(notice, _switch(told))

    taken_back = message.taken_back and message.topic in _EMPTY | {"eligibility_situation"}
    told_more = message.new_situations and message.topic in _EMPTY and _asked_for_situation(told)
    if taken_back or told_more:
        return Plan(notice, ("eligibility_situation",))

    follow_up = _follow_up(told, initial_months)
    if follow_up:
        return Plan(notice, (follow_up,))

    if beside:
        asked = replace(message, topic=beside)
        return Plan(notice, _as_asked((beside, *second_topic(asked)), asked))

    if _is_unsure(message):
        offered = shortlist(message)
        if told.unsure:
            return Plan(notice, ("unsure_again",))
        if offered:
            return Plan(notice, ("unsure",), offered)
    return Plan(notice, _as_asked((message.topic or "out_of_scope", *second_topic(message)), message))


def perhaps_meant(message: Message) -> tuple[str, ...]:
    """What else a message that perhaps tells of danger may ask, so that a misunderstanding costs the family one tap.

    Nothing when the danger is certain.
    """
    if message.is_button or dict(message.ranking).get("emergency", 1.0) >= CERTAIN_DANGER:
        return ()
    likely = (topic for topic, sure in message.ranking if topic in OFFERED and sure >= LIKELY)
    return tuple(likely)[:MOST_MEANT] or ("capabilities",)


def _beside_courtesy(message: Message) -> str | None:
    """What a greeting or thanks says besides: a situation, or the question of a sentence of its own."""
    if message.topic not in _COURTESY or message.is_button:
        return None
    if message.new_situations:
        return "eligibility_situation"
    sure = dict(message.ranking)
    asked = (topic for topic in message.topics if topic in _SUBJECT_OF and topic not in _NEVER_SECOND)
    return next((topic for topic in asked if sure.get(topic, 0.0) >= SECOND), None)


def _is_unsure(message: Message) -> bool:
    """Whether a message's topic is a guess, or none was found for it."""
    if message.is_button or (message.topic == "eligibility_situation" and message.new_situations):
        return False
    return message.topic == "out_of_scope" or (message.topic in _SUBJECT_OF and message.confidence < SURE)


def shortlist(message: Message) -> tuple[str, ...]:
    """The likeliest topics of a message that was not understood; none when they are not clear."""
    likely = [(topic, sure) for topic, sure in message.ranking if topic in OFFERED and sure >= LIKELY]
    refused = next((sure for topic, sure in message.ranking if topic == "out_of_scope"), 0.0)
    if not likely or likely[0][1] < max(LIKELIEST, refused):
        return ()
    return tuple(topic for topic, _ in likely[:MOST_OFFERED])


def second_topic(message: Message) -> tuple[str, ...]:
    """The other topic of a message with two, as a tuple of none or one."""
    subject = _SUBJECT_OF.get(message.topic)
    if subject is None or message.is_button:
        return ()
    others = [(topic, sure) for topic, sure in message.ranking[:NEAREST] if _SUBJECT_OF.get(topic, subject) != subject]
    for topic, sure in others:
        if topic not in message.topics or (topic in _NEVER_SECOND and not _tells_situation(topic, message)):
            continue
        is_request = message.topic == "eligibility_situation" and topic in _ABOUT_HELP
        if sure >= (SECOND_ABOUT_HELP if is_request else SECOND):
            return (topic,)
    return ()


def _as_asked(topics: tuple[str, ...], message: Message) -> tuple[str, ...]:
    """Topics in the order in which the message's sentences ask them."""
    return tuple(sorted(topics, key=lambda topic: message.topics.index(topic) if topic in message.topics else 0))


def _tells_situation(topic: str, message: Message) -> bool:
    return topic == "eligibility_situation" and bool(message.new_situations)


def _is_greeting(message: Message) -> bool:
    """A greeting alone; a short goodbye that opens a conversation is one too ("moikka")."""
    return not message.is_button and (
        message.topic == "greet" or (message.topic == "goodbye" and message.words <= _GREETING_WORDS)
    )


def _switch(told: Told) -> tuple[str, ...]:
    """The language is switched and the last answer given again in it; without a named language, it is asked."""
    if told.message.asked_language is None:
        return ("switch_language_choice",)
    again = (told.last_topic,) if told.last_topic in _SUBJECT_OF else ()
    return ("switch_language", *again)


def _asked_for_situation(told: Told) -> bool:
    return not {"eligibility_situation", "eligibility_general"}.isdisjoint(told.last_topics)


def _follow_up(told: Told, initial_months: int) -> str | None:
    """The fee topic that a message with only a new fact ("entä jos meitä on viisi?") asks again."""
    message = told.message
    last = next((topic for topic in told.last_topics if topic in FEE_TOPICS), None)
    times = frozenset() if message.topic in _COURTESY else message.times  # "tack, trevlig helg!"
    if last is None or message.is_button or not (message.new_facts or times):
        return None
    goes_on = (
        message.continues
        and message.words <= _FOLLOW_UP_WORDS
        and (message.topic in _GOES_ON or message.confidence < SURE)
        and (message.topic in FEE_TOPICS or not message.asks)
    )
    if message.new_situations or not (goes_on or message.only_size or message.topic in _EMPTY):
        return None
    if "month" in message.new_facts and told.month is not None:
        return "price_after_two_months" if told.month > initial_months else "price_first_two_months"
    if times and last in _BY_TIME:
        return "voucher_times"
    return "estimate_cost" if "hours" in message.new_facts else last
