"""What a family has told in a conversation: a pure fold over its events since the last restart.

Events are those of Rasa's tracker as dictionaries (`event.as_dict()`). A user event carries what the components
understood; a bot event carries in its metadata which answer it was. No message text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, cast, get_args

from msgspec import Struct
from msgspec.structs import replace

from bot.components.facts import CARDINALS
from core.handoff import HOURS_A_MONTH, HOURS_STEP, LONGEST_SERVICE_MONTHS
from core.income import LARGEST_HOUSEHOLD
from core.localisation import DEFAULT_LANGUAGE, LANGUAGES, Language, language_of
from core.ruleset import Situation

Time = Literal["weekend", "evening"]

# Answers that ask how many persons the family has: a number alone is then its size.
ASKS_SIZE: Final = frozenset({"estimate_cost", "estimate_cost_for_hours", "income_limits"})

# Answers after which the topic before still stands.
_PASSING: Final = frozenset(
    {
        "notice",
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "feedback_negative",
        "switch_language",
        "switch_language_choice",
        "out_of_scope",
        "unsure",
        "unsure_again",
        "no_rules",
    }
)
_SITUATIONS: Final = frozenset(get_args(Situation))
_NUMBER_ALONE: Final = re.compile(r"\W*(\w+)\W*(?:hlo|henk\w*|pers\w*|st|kpl|of us)?\W*")
_ONE_OR_NO: Final = frozenset({"en", "ett", "ena"})  # Swedish for one; in Finnish "en" is "I do not"
GUESS_FROM: Final = 0.6  # confidence from which a message of so many words speaks its likeliest language
GUESS_WORDS: Final = 3
_DOTS: Final = str.maketrans("äöå", "aoa")
_CONTINUES: Final = re.compile(
    r"\W*(?:ent(?:ä|a)s?|mites|mit(?:ä|a)s|no|ja|jos|mut(?:ta)?|och|o|men|om|på|tänk|and|but|what if|what about|how about)\b"
    r"|.*\b(?:sitten|då|then)\W*$",
    re.IGNORECASE,
)
# Words that bring or join facts and tell nothing else: a message of these alone is never danger.
_NEUTRAL: Final = re.compile(
    r"entas?|mites|ja|jos|mut(?:ta)?|no|sit(?:ten)?|se|siis|meita|on|o|ois|olis(?:i|iko)?|oisko|tunte?ja|tuntia|tuntii|tunti|h|t|"
    r"henke[ae]|henkiloa|hlo|hengen|perhe(?:essa)?|kuussa|kuukaudessa|kk|viikossa|vain|yhteensa|"
    r"och|a|men|om|tank|vi|ar|e|det|de|blir|bli|timmar|timme|tim|personer|person|pers|i|familjen|manaden|manan|veckan|bara|"
    r"and|what|if|we|are|it|is|hours|people|family|of"
)
_ASKS: Final = re.compile(
    r"\b(?:(?:saa|voi|tule|on|käy|kay|annet|myönn|myonn|pitää|täyty)\w*k[oö]|får|kan|kommer|går|finns|ger|hjälper|undrar|can|do|does)\b",
    re.IGNORECASE,
)
_TIMES: Final[dict[Time, re.Pattern[str]]] = {
    "weekend": re.compile(
        r"viiko(?:n)?lop|\bvkl|lauant|sunnunt|\bla\b|\bsu\b|\bpyhä|helg|veckoslut|veckända|lördag|söndag|weekend|saturday|sunday",
        re.IGNORECASE,
    ),
    "evening": re.compile(
        r"\bilta(?!p)|\billa[ln]|\billoin|\byö|\böi|kväll|\bnatt|\bnätter|evening|\bnight", re.IGNORECASE
    ),
}
_ASKED_LANGUAGE: Final[dict[Language, re.Pattern[str]]] = {
    "fi": re.compile(r"suome|finska|finnish|finsk", re.IGNORECASE),
    "sv": re.compile(r"ruotsi|svensk|swedish|på sv\b", re.IGNORECASE),
    "en": re.compile(r"englan|enkku|engelsk|english|eng\b", re.IGNORECASE),
}


class Message(Struct, frozen=True):
    """The family's latest message, as understood; `ranking` is topics with their confidence, surest first.

    `new_facts` are the facts it brings (`household_size`, `hours`, `month`). `continues`: it goes on from the answer
    before ("entä jos …"), `asks` by a verb of its own ("… saako apua?"). `taken_back`: situations told earlier that it denies, by words or by a button. `topics`: those its
    sentences ask, in order. `only_size`: a number alone, after the size was asked.
    """

    topic: str = ""
    ranking: tuple[tuple[str, float], ...] = ()
    topics: tuple[str, ...] = ()
    new_facts: frozenset[str] = frozenset()
    new_situations: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()
    times: frozenset[Time] = frozenset()
    asked_language: Language | None = None
    continues: bool = False
    asks: bool = False
    only_size: bool = False
    is_button: bool = False
    words: int = 0

    @property
    def confidence(self) -> float:
        """How sure the topic is, 0 to 1."""
        return dict(self.ranking).get(self.topic, 0.0)


class Told(Struct, frozen=True):
    """What is known before the latest message is answered.

    `hours` are a month; `month` is the month of the service that is asked about. `last_topics` are the topics answered
    before, `last_answers` the answers' names. `unsure`: how many times in a row the assistant has not understood.
    """

    language: Language = DEFAULT_LANGUAGE
    language_known: bool = False
    page_language: Language | None = None
    household_size: int | None = None
    hours: Decimal | None = None
    month: int | None = None
    situations: tuple[str, ...] = ()
    last_topics: tuple[str, ...] = ()
    last_answers: tuple[str, ...] = ()
    notice_given: bool = False
    unsure: int = 0
    message: Message = Message()

    @property
    def last_topic(self) -> str | None:
        """The topic answered before, the first of two."""
        return next(iter(self.last_topics), None)


def told(events: Iterable[Mapping[str, Any]]) -> Told:
    """The fold, up to and with the latest user message; answers given to that message do not count yet."""
    state = Told()
    answers: list[Mapping[str, Any]] = []
    for event in events:
        match event.get("event"):
            case "restart" | "session_started":
                state, answers = Told(), []
            case "bot":
                answers.append(event)
            case "user":
                state = _hear(_remember(state, answers), event)
                answers = []
    return state


def _remember(state: Told, answers: Iterable[Mapping[str, Any]]) -> Told:
    """What the assistant's answers to one message leave behind."""
    given = [event.get("metadata") or {} for event in answers]
    topics = [str(mark["topic"]) for mark in given if mark.get("topic")]
    if not topics:
        return state
    unsure = state.unsure + 1 if {"unsure", "unsure_again"} & set(topics) else 0
    state = replace(state, notice_given=state.notice_given or "notice" in topics, unsure=unsure)
    lasting = [mark for mark in given if mark.get("topic") and mark["topic"] not in _PASSING]
    if not lasting:
        return state
    return replace(
        state,
        last_topics=tuple(str(mark["topic"]) for mark in lasting),
        last_answers=tuple(str(mark.get("answer") or mark["topic"]) for mark in lasting),
    )


def _hear(state: Told, event: Mapping[str, Any]) -> Told:
    """What a message of the family adds."""
    parsed: Mapping[str, Any] = event.get("parse_data") or {}
    text = str(event.get("text") or "").strip()
    is_button = text.startswith("/")
    entities = [entity for entity in parsed.get("entities") or [] if isinstance(entity, Mapping)]
    topic = str((parsed.get("intent") or {}).get("name") or "")

    facts = _facts(entities)
    asked_size = not is_button and not ASKS_SIZE.isdisjoint(state.last_answers)
    size = _number_alone(text, state.language) if asked_size else None
    if size:
        facts["household_size"] = size
    ranking, topics = _ranking(parsed), tuple(str(name) for name in parsed.get("topics") or ())
    if _is_neutral(text):
        ranking = tuple((name, sure) for name, sure in ranking if name != "emergency")
        topics = tuple(name for name in topics if name != "emergency")
        topic = ranking[0][0] if topic == "emergency" and ranking else topic

    denied = _known_situations(parsed.get("denied_situations"), _values(entities, "denied_situations"))
    told_now = _known_situations(parsed.get("situations"), _values(entities, "situations"))
    new = tuple(situation for situation in told_now if situation not in denied)
    kept = tuple(situation for situation in state.situations if situation not in denied)

    asked = _asked_language(text, entities) if topic == "switch_language" else None
    page = _page_language(event)
    language, known = _language(state, parsed, page, is_button, len(text.split()))
    state = replace(
        state,
        language=asked or language,
        language_known=asked is not None or known,
        page_language=page or state.page_language,
        situations=tuple(dict.fromkeys((*kept, *new))),
        message=Message(
            topic=topic,
            ranking=ranking,
            topics=topics,
            new_facts=frozenset(facts),
            new_situations=new,
            taken_back=tuple(situation for situation in state.situations if situation in denied),
            times=frozenset() if is_button else frozenset(time for time, words in _TIMES.items() if words.search(text)),
            asked_language=asked,
            continues=not is_button and bool(_CONTINUES.match(text)),
            asks=not is_button and bool(_ASKS.search(text)),
            only_size=size is not None,
            is_button=is_button,
            words=len(text.split()),
        ),
    )
    return replace(state, **facts)


def _facts(entities: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The facts among entities; values that cannot be are left out (a button's payload may be forged)."""
    facts: dict[str, Any] = {}
    for entity in entities:
        value = entity.get("value")
        match entity.get("entity"):
            case "household_size":
                fact: Any = _whole(value, LARGEST_HOUSEHOLD)
            case "month":
                fact = _whole(value, LONGEST_SERVICE_MONTHS)
            case "hours":
                fact = _quarter_hours(value)
            case _:
                continue
        if fact is not None:
            facts[str(entity["entity"])] = fact
    return facts


def _number_alone(text: str, language: Language) -> int | None:
    """The family's size when a message is nothing but a number, in digits or a word."""
    alone = _NUMBER_ALONE.fullmatch(text.lower().translate(_DOTS))
    if not alone or (alone[1] in _ONE_OR_NO and language != "sv"):
        return None
    return _whole(CARDINALS.get(alone[1], alone[1]), LARGEST_HOUSEHOLD)


def _is_neutral(text: str) -> bool:
    """Whether a message has only numbers of persons or hours and words that join them: "entä jos on 12 tuntia"."""
    said = re.findall(r"[^\W\d_]+|\d+", text.lower().translate(_DOTS))
    numbers = [word in CARDINALS or bool(re.fullmatch(r"\d{1,2}", word)) for word in said]
    return any(numbers) and all(number or _NEUTRAL.fullmatch(word) for number, word in zip(numbers, said))


def _whole(value: object, largest: int) -> int | None:
    typed = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return int(typed) if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= largest else None


def _quarter_hours(value: object) -> Decimal | None:
    try:
        hours = Decimal(str(value))
    except InvalidOperation:
        return None
    return hours if hours.is_finite() and 0 < hours <= HOURS_A_MONTH and not hours % HOURS_STEP else None


def _values(entities: Iterable[Mapping[str, Any]], name: str) -> list[object]:
    return [entity.get("value") for entity in entities if entity.get("entity") == name]


def _known_situations(*sources: object) -> tuple[str, ...]:
    given = [value for source in sources if isinstance(source, (list, tuple)) for value in source]
    return tuple(dict.fromkeys(value for value in given if isinstance(value, str) and value in _SITUATIONS))


def _ranking(parsed: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    return tuple(
        (str(item.get("name")), float(item.get("confidence") or 0.0)) for item in parsed.get("intent_ranking") or ()
    )


def _page_language(event: Mapping[str, Any]) -> Language | None:
    """The language of the page that the message was sent from, when the client says it."""
    given = (event.get("metadata") or {}).get("language")
    return cast(Language, given) if given in LANGUAGES else None


def _asked_language(text: str, entities: Iterable[Mapping[str, Any]]) -> Language | None:
    """The language a message asks to go on in; None when it names none, or several."""
    named = [value for value in _values(entities, "language") if value in LANGUAGES]
    named = named or [language for language, words in _ASKED_LANGUAGE.items() if words.search(text)]
    return cast(Language, named[0]) if len(named) == 1 else None


def _language(
    state: Told, parsed: Mapping[str, Any], page: Language | None, is_button: bool, words: int
) -> tuple[Language, bool]:
    """The language to answer in, and whether anything has said it yet.

    The message's own when it is clear, else the page's when that is new, else as before.
    """
    found = parsed.get("language") or {}
    code, confidence = found.get("code"), float(found.get("confidence") or 0)
    if code in LANGUAGES and not is_button:
        likely = code in ("fi", "sv") and confidence >= GUESS_FROM
        if found.get("decided") or (likely and words >= GUESS_WORDS):
            return language_of(code), True
        if likely and page is None and not state.language_known:
            return language_of(code), True
    if page is not None and page != state.page_language:
        return page, True
    return state.language, state.language_known
