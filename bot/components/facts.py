"""Household size, hours a month and the month of service, read from a message by rules.

Entities (each at most once in a message):

- `household_size`: int, 1–30 persons: "neljä henkeä", "nelihenkinen perhe", "två vuxna å tre barn".
- `hours`: decimal string, hours a month in quarter hours, more than 0 and at most 744: "12", "12.5".
  Weekly hours become monthly ones by 52 / 12 weeks a month, rounded half up to a quarter hour: 2 h a week is "8.75".
- `month`: int, 1–24, which month of the service is asked about, never a calendar month: "kolmas kuukausi" is 3,
  "ensimmäiset kaksi kuukautta" is 1, "kahden kuukauden jälkeen" is 3.

What could be read in two ways is left out, so a range ("10–12 h") gives nothing, nor do hours a day, each evening or on
weekdays ("2 h iltaisin"), every other week or a year, unless the message also says that they are a week's or a month's.
Those of every other week are read only when a month's.
Ages, clock times, dates, money and incomes are never read as any of these.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components import COMPONENT, LONGEST, component

WORDS = Path(__file__).with_name("number_words.yml")
MAX_PERSONS = 30
MAX_HOURS = 744
MAX_MONTH = 24
QUARTER = Decimal("0.25")
WEEKS_A_MONTH = Decimal(52) / Decimal(12)

_PLAIN = str.maketrans("äöåéüÄÖÅ–—−’\n\t\xa0", "aoaeuaoa---'   ")


class Fact(NamedTuple):
    """One entity: its name, its value and where in the message it stands."""

    entity: str
    value: int | str
    start: int
    end: int


def plain(text: str) -> str:
    """Lower case without the dots of ä, ö, å; every character keeps its place.

    >>> plain("Meitä on NELJÄ")
    'meita on nelja'
    """
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text.translate(_PLAIN))


def _finnish(entries: dict[int, dict[str, Any]], endings: list[str]) -> dict[str, int]:
    words: dict[str, int] = {}
    for value, entry in entries.items():
        words.update((form, value) for form in entry["forms"])
        if entry["stem"]:
            words.update((entry["stem"] + ending, value) for ending in endings)
    return words


@lru_cache(maxsize=1)
def number_words() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Cardinals, ordinals and the first parts of "-henkinen", as word → number."""
    data = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    fi, sv = data["fi"], data["sv"]
    units = _finnish(fi["cardinals"], fi["endings"])
    words = dict(units)
    for word, value in units.items():
        if value < 10:
            words.update((word + suffix, 10 + value) for suffix in fi["teen_suffixes"])
            if value > 1:
                tens = {word + suffix: 10 * value for suffix in fi["ten_suffixes"] if value < 5}
                words.update(tens)
                words.update((ten + unit, n + v) for ten, n in tens.items() for unit, v in units.items() if v < 10)
    swedish = {form: value for value, forms in sv["cardinals"].items() for form in forms}
    words.update(swedish)
    words.update(
        (ten + unit, n + v) for ten, n in swedish.items() for unit, v in swedish.items() if n % 10 == 0 and n > 10 > v
    )
    ordinals = _finnish(fi["ordinals"], fi["endings"])
    ordinals.update((form, value) for value, forms in sv["ordinals"].items() for form in forms)
    return words, ordinals, dict(fi["compounds"])


CARDINALS, ORDINALS, COMPOUNDS = number_words()
# numbers only where the words around them say so: "en" is also "not", "kuus" also "in a month"
_AMBIGUOUS = {"en": 1, "ett": 1, "ena": 1, "kuus": 6}
_WORD = re.compile(r"[a-z]+")
_COMPOUND = re.compile(
    rf"({'|'.join(sorted({*COMPOUNDS, *CARDINALS}, key=len, reverse=True))})-?(henki\w+|person\w*|manna\w*|hovda\w*)"
)


class Line(NamedTuple):
    """A message made plain, its number words as digits: "4", in the allative "4:lle", as ordinals "3:s".

    `starts` and `ends`: for each character, where what it stands for starts and ends in the message.
    """

    text: str
    starts: list[int]
    ends: list[int]


def read(text: str) -> Line:
    """A message as the rules below read it.

    >>> read("Neljälle, kolmas kuukausi").text
    '4:lle, 3:s kuukausi'
    """
    line = plain(text)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    end = 0
    for match in _WORD.finditer(line):
        digits = _digits(match[0])
        if digits is None:
            continue
        parts += [line[end : match.start()], digits]
        starts += [*range(end, match.start()), *[match.start()] * len(digits)]
        ends += [*range(end + 1, match.start() + 1), *[match.end()] * len(digits)]
        end = match.end()
    return Line(
        "".join([*parts, line[end:]]), [*starts, *range(end, len(line))], [*ends, *range(end + 1, len(line) + 1)]
    )


def _digits(word: str) -> str | None:
    if word in _AMBIGUOUS:
        return None
    if word in CARDINALS:
        return f"{CARDINALS[word]}:lle" if word.endswith("lle") else str(CARDINALS[word])
    if word in ORDINALS:
        return f"{ORDINALS[word]}:s"
    compound = _COMPOUND.fullmatch(word)
    if compound:
        return f"{COMPOUNDS.get(compound[1]) or CARDINALS[compound[1]]}-{compound[2]}"
    return None


# a number that is not the tail of a word, of a range, of a clock time, of a date or of an amount of money
_FRONT = r"(?<![\w.,:/+-])(?<!\d -)(?<!\d - )(?<!€ )(?<!€)"
_CASE = r"(?::?(?:n|lle|lla|lta|sta|ssa|een|aan|iin|tta|ta|aa|a|ksi)\b)?"
_N = rf"(?:\d{{1,2}}(?!\d|:s\b)|(?:{'|'.join(_AMBIGUOUS)})(?![a-z]))"
_NUMBER = rf"{_FRONT}(?P<n>{_N})"
_HOURS_NUMBER = (
    rf"{_FRONT}(?P<n>\d{{1,3}}[.,]\d{{1,2}}(?!\d)|\d{{1,3}}(?:\s?[½¼¾])?(?!\d)|[½]|puolitoista|anderthalv|"
    rf"(?:{'|'.join(_AMBIGUOUS)})(?![a-z]))"
)


def _integer(token: str) -> int | None:
    token = token.strip()
    return int(token) if token.isdigit() else _AMBIGUOUS.get(token)


# ---------------------------------------------------------------- household size

_CHILD = (
    r"(?:lapsi?\w*|lasta\w*|lasten\b|muksu\w*|kakara\w*|tenava\w*|mukula\w*|skidi\w*|vauva\w*|taapero\w*|poikaa\w*|"
    r"tyttoa\w*|tytarta\w*|kouluikai\w*|koululais\w*|teini\w*|tonaring\w*|penska\w*|naperoa\w*|"
    r"barn\b|barnen\b|ungar\w*|unge\b|sma\b|flickor\w*|pojkar\w*|bebis\w*|babys?\b|kids\b|children\b|kids?\b|telning\w*)"
)
_ADULT = r"(?:aikui\w*|aik\b\.?|vanhempaa|vanhemp[ie]\w*|vuxna\w*|vuxen\b|foraldrar\w*|foralder\b|adults?\b|parents\b)"
_PERSON = (
    r"(?:hlo\w*|henkilo(?!kun|koht|st|auto)\w*|henkea|henkee|henke\b|hengen\b|hengelle|hengella|henk\b\.?|henki(?:lle|sta|a)?\b|perheenjasen\w*|jasen\w*|"
    r"ihmi(?:sta|sen|selle|nen)\b|suuta\b|"
    r"personer?s?\b|person\b|personen\b|pers\b|manniskor\b|familjemedlem\w*|munnar\b|huvuden\b|people\b|persons?\b)"
)
# words that make the number before them count something else than the whole family
_NOT_FAMILY = re.compile(
    rf"\b(?:{_CHILD}|{_ADULT}|\w*vuotia\w*|\w*vuotta|\w*viikkois\w*|\w*ariga?\b|\w*aring\w*|ar\b|manader?\w*|kuukau\w*|kk\b|viikko\w*|vecko\w*|"
    r"h\b|t\b|tim\w*|tunti\w*|tunni\w*|e\b|eur\w*|v\b|kerta\w*|gang\w*|paiva\w*|dag\w*|koira\w*|kissa\w*|hund\w*|makuuhuone\w*|huone\w*|rum\b|"
    r"syy\w*|asia\w*|vaihtoehto\w*|palvelu\w*|hakemus\w*|klo\b|kl\b)|[€%]"
)
_STOP = re.compile(
    r"[.,;:!?()]|\b(?:a|o|ja|ja/tai|mutta|och|men|eli|niin|sa|mita|paljonko|mika|vad|va|hur|kuinka|and)\b"
)

_TOTALS = [
    re.compile(pattern)
    for pattern in (
        rf"{_NUMBER}{_CASE}[\s-]?(?:h\.\s)?{_PERSON}",
        rf"{_NUMBER}[\s-]?henki(?:nen|sen|sta|selle|sella|sessa|sesta|seen|sena|set|siin|silla|s\b|se)\w*",
        rf"{_NUMBER}[\s-]?(?:person(?:er)?s|manna|mans|hovda)-?\w*",
    )
]
# the number may stand alone here, so what follows it decides
_OPEN_TOTALS = [
    re.compile(pattern)
    for pattern in (
        r"\bmei(?:ta|t|dan perhetta)(?:han|hän|pa|s)? (?:on|o|ois|olis|olisi|olis|asuu|tulee olemaan|oli)(?: \w+){0,2}? "
        + rf"(?P<n>{_N})",
        r"\bonhan meita(?: \w+)? " + rf"(?P<n>{_N})",
        r"\bperhe(?:essa|es|eessa|essani|essamme|eseen|eeseen|eseemme|eseni|eeseemme|eseeni|eeseeni)(?: \w+)?? (?:on|o|kuuluu|asuu)(?: \w+){0,1}? "
        + rf"(?P<n>{_N})",
        r"\bperhe(?:en)?[\s-]?ko(?:ko|on)[a-z]*(?: on| o|:|=)? ?" + rf"(?P<n>{_N})",
        rf"{_NUMBER}{_CASE} (?:perheessa|perheessamme|taloudessa|samassa taloudessa|i familjen|i familj|i hushallet|hemma hos oss)\b",
        r"\bvi (?:ar|e|a|er|sku va|skulle vara|blir|ha blivi|ar nu|ar ju|e ju|ar tillsammans|ar totalt|ar sammanlagt)(?: (?:ju|nu|alltsa|totalt|sammanlagt|hemma|tillsammans|allt som allt))? "
        + rf"(?P<n>{_N})",
        r"\b(?:ar|e|nar|om) vi (?:ar |e )?(?:ju |nu |alltsa )?" + rf"(?P<n>{_N})",
        r"\bfamilj(?:en|e)? (?:pa|med|om|ar|e|av|bestar av|har)(?: totalt| sammanlagt)? " + rf"(?P<n>{_N})",
        r"\bfamiljestorlek(?:en)?(?: ar| e|:)? " + rf"(?P<n>{_N})",
        r"\bfor (?:oss )?" + rf"(?P<n>{_N})",
        r"\boss " + rf"(?P<n>{_N})",
        r"\b(?:a )?family of " + rf"(?P<n>{_N})",
    )
]
_ALLATIVE = re.compile(rf"{_FRONT}(?P<n>\d{{1,2}}):?lle(?![a-z])")

_SELF = r"(?:mina|ma|mie|mnaa|mie itte|mina itse|jag|ja|ja')"
_PARTNER = (
    r"(?:(?:mun |minun |oma )?(?:mies|mieheni|vaimo|vaimoni|puoliso|puolisoni|avomies|avopuoliso|avovaimo|ukko|akka|isanta|kumppani)|"
    r"(?:min |mitt )?(?:man|mannen|fru|frun|sambo|sambon|make|maken|maka|partner|gubbe|gubben))"
)
_PARENT = r"(?:aiti|isa|iskä|iska|aitee|isae|mamma|pappa|mor|far|morsan|farsan|mammi)"
_SINGLE = r"(?:yksinhuoltaja\w*|yh|yh-aiti|yh-isa|totalyh|ensamstaende|ensamforsorjare|ensamma mamma|soloaiti)"
_COUPLE = r"(?:pariskunta|aviopari|avopari|vanhemmat|bada foraldrarna|foraldrarna|ett par)"
_JOIN = (
    r"(?:\s*[,&+/]\s*(?:ja |och |a )?|\s+(?:ja|ja myos|seka|plus|och|o|å|a|samt|and|jossa|joilla|med|ynna|jolla)\s+(?:on |har |mina |mitt |min |meidan |mun |minun )?"
    rf"|(?<!\bja)\s+(?={_N}\s?(?:{_CHILD}|{_ADULT})|{_PARTNER}\b))"
)
_BETWEEN = r"(?:[a-z-]+ ){0,2}?"
_CHILD_COUNT = rf"(?P<{{0}}>{_N})(?:\s?(?:kpl|st))?\s{_BETWEEN}{_CHILD}"
_MULTIPLES = {
    "kaksoset": 2,
    "kaksosvauvat": 2,
    "kaksospojat": 2,
    "kaksostytot": 2,
    "tvillingar": 2,
    "tvillingarna": 2,
    "kolmoset": 3,
    "trillingar": 3,
    "trillingarna": 3,
}
_ONE_CHILD = r"(?:(?:1 |ett |en )?(?:vauva|lapsi|taapero|barn|bebis|baby|bebin|esikoinen|esikko|kuopus|tonari|poika|tytto|son|dotter|flicka|pojke))"
_ITEM = re.compile(
    rf"(?P<adults>{_N})\s?(?:kpl )?(?:[a-z-]+ )?{_ADULT}"
    rf"|(?P<children>{_N})\s?(?:kpl )?{_BETWEEN}{_CHILD}"
    rf"|(?P<self>{_SELF})\b|(?P<partner>{_PARTNER})\b|(?P<parent>{_PARENT})\b|(?P<single>{_SINGLE})\b|(?P<couple>{_COUPLE})\b"
    rf"|(?P<multiples>{'|'.join(_MULTIPLES)})\b|(?P<one>{_ONE_CHILD})\b"
)
_JOINED = re.compile(_JOIN)
_SHORT_SUM = re.compile(
    rf"{_FRONT}(?P<a>[12])\s?(?:a|aik\.?|v)?\s?\+\s?(?P<c>\d{{1,2}})\s?(?:l|b|lasta|barn)?(?![\w.,+]\w|\w)"
)


def household_size(text: str) -> Fact | None:
    """Number of persons in the family, when the message tells all of them."""
    for find in (_stated_total, _open_total, _summed, _short_sum, _dative):
        fact = find(text)
        if fact:
            return fact
    return None


def _size(value: int | None, start: int, end: int) -> Fact | None:
    return Fact("household_size", value, start, end) if value and 1 <= value <= MAX_PERSONS else None


_HELPERS = re.compile(
    r"\b(?:tulee|tuleeko|tulis|tulisi|kay|kayko|tyontekij\w*|hoitaj\w*|auttaj\w*|kommer|arbetar\w*)\b[^.,!?]*$"
)
_NON_TOTAL_PERSON = re.compile(r"\s*(?:palvelus|virkas|hoitaj|tyontekij|henkilokun)")


def _stated_total(text: str) -> Fact | None:
    for pattern in _TOTALS:
        for match in pattern.finditer(text):
            if _HELPERS.search(text[: match.start()]):
                continue
            fact = _size(_integer(match["n"]), *match.span())
            if fact:
                return fact
    return None


def _counts_family(text: str, end: int) -> bool:
    """Whether the words after a number leave it standing for the whole family."""
    rest = text[end:]
    if re.match(r"\s?(?:[€%:/]|[.,]\d|-\s?\d|-(?:v|a)\b|\+)", rest):
        return False
    stop = _STOP.search(rest)
    near = " ".join(rest[: stop.start() if stop else None].split()[:3])
    return not _NOT_FAMILY.search(near)


def _open_total(text: str) -> Fact | None:
    for pattern in _OPEN_TOTALS:
        for match in pattern.finditer(text):
            if _counts_family(text, match.end("n")):
                fact = _size(_integer(match["n"]), *match.span("n"))
                if fact and (fact.value != 1 or "perhe" in match[0]):
                    return fact
    return None


def _summed(text: str) -> Fact | None:
    """ "minä, mies ja kolme lasta": persons joined one after another, when both the adults and the children are all told."""
    for first in _ITEM.finditer(text):
        if first.start() and text[first.start() - 1].isalnum():
            continue
        items, end = [first], first.end()
        while (joined := _JOINED.match(text, end)) and (item := _ITEM.match(text, joined.end())):
            items.append(item)
            end = item.end()
        total = _sum(items)
        if total:
            return _size(total, first.start(), end)
    return None


def _sum(items: list[re.Match[str]]) -> int | None:
    kinds = {
        kind: [item for item in items if item[kind]]
        for kind in ("adults", "children", "self", "partner", "parent", "single", "couple", "multiples", "one")
    }
    children = sum(_integer(item["children"]) or 0 for item in kinds["children"])
    children += sum(_MULTIPLES[item["multiples"]] for item in kinds["multiples"]) + len(kinds["one"])
    if not children:
        return None
    if kinds["adults"]:
        return children + sum(_integer(item["adults"]) or 0 for item in kinds["adults"])
    if kinds["couple"]:
        return children + 2
    if (kinds["self"] and kinds["partner"]) or len({item["parent"] for item in kinds["parent"]}) == 2:
        return children + 2
    # one adult told by name: only a single parent, or "minä ja kolme lasta", tells that there is no other
    if kinds["single"] or (kinds["self"] and kinds["children"] and not kinds["parent"]):
        return children + 1
    return None


def _short_sum(text: str) -> Fact | None:
    match = _SHORT_SUM.search(text)
    return _size(int(match["a"]) + int(match["c"]), *match.span()) if match else None


def _dative(text: str) -> Fact | None:
    """ "mitä maksaa viidelle?": the number alone in the allative."""
    for match in _ALLATIVE.finditer(text):
        if _counts_family(text, match.end()) and re.match(
            r"\s*(?:[.,!?;)]|$|ja\b|\d|kun\b|jos\b|kuu|kuukau)", text[match.end() :]
        ):
            return _size(int(match["n"]), *match.span())
    return None


# ---------------------------------------------------------------- hours a month

_HOUR = r"(?:h\b|hr?s?\b|t(?=\s?/)|t\b(?=\s+(?:kk|kuu))|tuntia?\b|tuntii\b|tuntee\b|tunti\b|tunnin\b|tunnil(?:le|la|ta)\b|tunnist?a?\b|tuntiin\b|tunteja\b|tim\b\.?|timm[ae]r?s?\b|timmar?n?a?\b|hours?\b)"
_MONTHLY = (
    r"(?:kuukaude(?:ssa|s|n aikana|lle)|kuukautta (?:kohti|kohden)|kuukausittain|kuus+a?\b|kuussa|/\s?(?:kk|kuu\w*|man\w*|mo\w*|m)\b|per (?:kk|kuu\w*|man\w*|month)|joka kuukausi|kk(?::ssa|ssa)?\b|"
    r"(?:i|om|under|pa) (?:en )?man(?:aden|an|ad|en|ade|a)?\b|varje man\w*|manatligen|manad\w*|a month)"
)
_DAY_OF_WEEK = r"(?:maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)"
_VECKODAG = r"(?:man|tis|ons|tors|fre|lor|son)dag"
_WEEKDAY = rf"(?:joka {_DAY_OF_WEEK}\b|{_DAY_OF_WEEK}(?:s|is)in\b|(?:varje|per) {_VECKODAG}\b|(?:pa |om )?{_VECKODAG}ar(?:na)?\b)"
_WEEKLY = (
    rf"(?:{_WEEKDAY}|"
    r"viikos(?:sa)?\b|viikoittain|viikkoa (?:kohti|kohden)|/\s?(?:vko|vk|viikko|vecka|vecko|v|week)\b|per (?:vko|viikko|vecka)|joka viikko|vko(?:ssa)?\b|vk\b|"
    r"(?:i|om|pa) (?:en )?veck(?:an|a)\b|varje vecka|a week)"
)
_DAILY = r"(?:paiva(?:ssa|s|na|lta|n aikana)?\b|paivit\w*|/\s?(?:pv|paiva|dag|d|day)\b|pv\b|vuorokau\w*|vrk|yo(?:ssa|s|n)\b|oi(?:ssa|sin)\b|om dagen|per dag|varje dag|om natten|per natt|pa natten|dygn\w*)"
_KVALL = r"(?:vardag|kvall|natt|morgon|morron|eftermiddag|formiddag|helg)"
# hours of each such day, of which a month has many
_EACH_DAY = (
    r"(?:(?:arki|aamui?|iltai?|paivi|viikonloppui?)sin?\b|"
    r"\bjoka(?:isena)? (?:ikinen |ainoa )?(?:arki|aamu|ilta|paiva|yo|viikonlop)\w*|"
    r"(?:/\s?|\bper )(?:arki|aamu|ilta|yo\b|viikonlop)\w*|\billassa\b|"
    rf"(?:/\s?|\b(?:varje|var|varenda|per) )(?:{_KVALL}|dag\b)|\bdagligen\b|\b(?:kvalls|dag|vardags)tid\b|"
    r"(?:vardag|kvall|natt|morgn|morn|morron|eftermiddag|formiddag|helg)(?:arna|ana|ar|erna|er)\b|"
    r"\b(?:pa|om) (?:(?:kvall|natt|eftermiddag|formiddag|helg|vardag)en|morgonen|morronen|dagen|dagar(?:na)?)\b|"
    r"\bevery (?:day|evening|morning|night|weekend)|\b(?:weekday|evening|morning|weekend)s\b)"
)
_MA = r"(?:ma|ti|ke|to|pe|la|su)"
_SEVERAL_WEEKDAYS = (
    rf"(?:\b{_MA}\s?(?:[-,/&+]|ja\b|seka\b)\s?{_MA}\b|{_DAY_OF_WEEK}sta {_DAY_OF_WEEK}hin|"
    rf"\bman\s?-\s?(?:ons|tors?|fre|lor|son)\b|\b{_VECKODAG} (?:till|-) {_VECKODAG}\b|"
    r"\b(?:man|tis|ons|tors?|fre)\s?(?:,|/|&|och\b|o\b|a\b|samt\b)\s?(?:tis|ons|tors?|fre|lor)\b)"
)
_EVERY_NTH = r"(?:\bjoka(?:isena)? \d+(?:[:.]\w*)?|\bjokatoi\w+|\bvar(?:t|je)? ?(?:anna[nt]|\d+:\w+|fjortonde)|\bvarje \d+|\bevery (?:other|second))"
_WEEK = r"(?:viik\w*|vko\w*|vk\b|veck\w*|kuukau\w*|kk\b|manad\w*|week\w*)"
# not every week or month: half of the hours, or all of them?
_SOME_WEEKS = re.compile(
    rf"{_EVERY_NTH}\s?{_WEEK}|\bvar(?:t|je)? ?(?:\d+:\w+|fjortonde) dag\b|\b{_WEEK} valein|\bveckors? (?:mellanrum|intervall)|"
    r"\bpari(?:llis|ttom)\w* vii\w*|\b(?:jamna|udda|ojamna) veck\w*|"
    r"(?<![\w.,])(?:\d+|parissa) (?:viikossa|viikkoa ko\w+)|(?:/|\b(?:per|pa) )\s?(?:\d+|ett par)\s?(?:viik|vko|vk\b|veck)"
)
# not of an income: "30000 euroa vuodessa"
_YEARLY = (
    r"(?<!euroa )(?<!euro )(?<!eur )(?<!€ )(?<!€)(?<!\de )(?<!\de)(?<!\d )(?<!\d)"
    r"(?:\bvuodes(?:sa)?\b|\bvuosittain\b|/\s?(?:vuosi|ar|year)\b|\bper (?:vuosi|ar|year)\b|\b(?:om|i) aret\b|\bpa (?:ett )?ar\b|"
    r"\b(?:joka vuosi|varje ar|arligen|a year)\b)"
)
_NOT_HOURS = re.compile(
    r"\s*(?:sitten|kulut\w*|paas\w*|myohassa|etukateen|matkan?|ajomatka\w*|valein|sisalla|putkeen|unta|jonoss\w*|sedan|senare|inom|pa vagen|somn|i ko\b|jonot\w*|viela|-\s?\d)"
)
_VISIT = r"(?:kerrallaan|kerralla|kerta|kertaa kohti|/\s?(?:kerta|krt|gang|besok)|per (?:kerta|gang|besok)|at gangen|at gangn|i gangen|kaynti\w*)"
_PARTS_OF_DAY = r"(?:paivaa|paivana|iltaa|iltana|aamua|aamuna|yota|yona|dagar|kvallar|mor(?:gn|on)ar|natter)"
_OFTEN = {"kahdesti": 2, "kahesti": 2, "kolmesti": 3}
_TIMES = re.compile(
    rf"{_FRONT}(?:(?P<n>{_N})\s?(?:kertaa|krt|x|ggr|ganger|gang|gangar|{_PARTS_OF_DAY})|(?P<often>kahdesti|kahesti|kolmesti)|(?P<once>kerran|yhtena paivana|en dag|en gang))(?:/| )\s?(?:(?P<week>{_WEEKLY}|vko|vk|v\b|vecka)|(?P<month>{_MONTHLY}|kk|man))"
)
_HALF = r"(?:\s(?:ja|och|o|a|å) (?:en )?(?:puoli|puol|halv))"
_AMOUNT = re.compile(rf"{_HOURS_NUMBER}(?P<half>{_HALF})?\s?-?\s?{_HOUR}")
_PERIOD_AFTER = re.compile(
    rf"\s?(?:(?:apua|hjalp|palvelua|hemservice|hoitoa|kotiapua|noin|verran|kotipalvelua|lastenhoitoa)\s)?(?:(?P<month>{_MONTHLY})|(?P<week>{_WEEKLY})|(?P<day>{_DAILY})|(?P<visit>{_VISIT}))"
)
_PERIOD_BEFORE = re.compile(
    r"\b(?:(?P<month>kuukaudessa|kuukaudes|kuussa|kuukausittain|joka kuukausi|i manaden|per manad|varje manad|manatligen|tunteja kuussa|tuntimaara kuussa)|"
    rf"(?P<week>{_WEEKDAY}|viikossa|viikos|viikoittain|joka viikko|i veckan|per vecka|varje vecka)|(?P<day>paivassa|paivittain|om dagen|varje dag|per dag|joka paiva))[\s:]+(?:\w+\s){{0,3}}$"
)
_ANY_PERIOD = re.compile(
    rf"{_WEEKLY}|{_DAILY}|{_VISIT}|{_EACH_DAY}|{_SEVERAL_WEEKDAYS}|{_EVERY_NTH}|{_SOME_WEEKS.pattern}|{_YEARLY}|\bkertaa\b|\bganger\b|\bpaivana\b|\bdagar\b"
)
# "joka viikko arkisin 2 tuntia": in all, or each day?
_DAYS_OF_WEEK = re.compile(
    rf"(?:(?:viikossa|viikos|viikoittain|joka viikko|i veckan|per vecka|varje vecka)[\s:]+(?:{_EACH_DAY}|{_DAILY})|"
    rf"(?:{_EACH_DAY}|{_DAILY})[\s:]+(?:viikossa|viikos|joka viikko|i veckan|varje vecka))[\s:]+(?:\w+\s)?$"
)
_MONEY = re.compile(r"(?:€|e\b|eur\w*|kr\b)\s?/?\s?$")
_COST = re.compile(
    r"maks|hin(?:ta|na|nan)|mita se tekee|laske|lasket|arvio|setel|omavastuu|kustan|kosta|kosar|pris|avgift|betal|rakna|kalkyl|uppskatt|sedel|sjalvrisk|cost|price|paljonko|mitahan|tarvi|tartte|tarvet|behov|beviljat|myonnet|saatii|saisi|haluai|ottais"
)
_BARE_WORDS = 5


def hours_a_month(text: str) -> Fact | None:
    """Hours of help a month. Those of several weekdays are left for the family to say: "2 h ma ja to" may mean either."""
    if len(re.findall(_WEEKDAY, text)) > 1:
        return None
    times = _TIMES.search(text)
    weekly = not _SOME_WEEKS.search(text)
    bare: Fact | None = None
    for match in _AMOUNT.finditer(text):
        amount = _amount(match)
        if amount is None or _NOT_HOURS.match(text, match.end()):
            continue
        after, before = _PERIOD_AFTER.match(text, match.end()), _PERIOD_BEFORE.search(text[: match.start()])
        period = after or before
        end = after.end() if after else match.end()
        if times and not (after and (after["month"] or after["week"]) and not _overlap(after, times)):
            if times["week"] and not weekly:
                continue
            number = 1 if times["once"] else _OFTEN.get(times["often"]) or _integer(times["n"])
            weeks = WEEKS_A_MONTH if times["week"] else Decimal(1)
            return _hours(amount * (number or 0) * weeks, match.start(), end)
        if period is None:
            if not _ANY_PERIOD.search(text) and (_COST.search(text) or len(text.split()) <= _BARE_WORDS):
                bare = bare or _hours(amount, *match.span())
        elif period["month"]:
            return _hours(amount, match.start(), end)
        elif period["week"] and weekly and (after or not _DAYS_OF_WEEK.search(text[: match.start()])):
            return _hours(amount * WEEKS_A_MONTH, match.start(), end)
    return bare


def _overlap(a: re.Match[str], b: re.Match[str]) -> bool:
    return a.start() < b.end() and b.start() < a.end()


def _amount(match: re.Match[str]) -> Decimal | None:
    token = match["n"].replace(",", ".").replace(" ", "")
    fractions = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
    extra = Decimal("0.5") if match["half"] else Decimal(0)
    if token in ("puolitoista", "anderthalv"):
        return Decimal("1.5")
    if token[-1] in fractions:
        return Decimal(token[:-1] or 0) + fractions[token[-1]]
    if re.fullmatch(r"[\d.]+", token):
        return Decimal(token) + extra
    return Decimal(_AMBIGUOUS[token]) + extra


def _hours(value: Decimal, start: int, end: int) -> Fact | None:
    quarters = (value / QUARTER).quantize(Decimal(1), ROUND_HALF_UP) * QUARTER
    if not 0 < quarters <= MAX_HOURS:
        return None
    return Fact("hours", f"{quarters.normalize():f}", start, end)


# ---------------------------------------------------------------- month of service

_MONTH_WORD = (
    r"(?:kuukau[a-z]*|kuu(?:sta|ssa|n|lta|hun|lle)?\b|kk(?:\b|:\w+|sta\b|lta\b|n\b)|manad[a-z]*|man(?:an|en)\b|man\b)"
)
_FIRST = r"1:s(?![a-z])"
_TWO = r"2(?![\d:a-z])"
_MONTH_PATTERNS = [
    (re.compile(pattern), shift)
    for pattern, shift in (
        # after the first n months: the next one
        (
            rf"{_FRONT}(?:{_FIRST} )?(?P<n>{_N})(?: {_FIRST})? {_MONTH_WORD} (?:jalk\w*|kulut\w*|paasta\b|paast\b|mentya|taytyttya)",
            1,
        ),
        (rf"\befter (?:de )?(?:1:s )?(?P<n>{_N}) (?:1:s )?manader\w*", 1),
        (rf"\b(?:jalkeen|efter) {_FIRST} (?P<n>{_N}) {_MONTH_WORD}", 1),
        # the first n months: the first
        (rf"{_FIRST}(?: \w+)? {_TWO} {_MONTH_WORD}", None),
        (rf"{_FRONT}{_TWO}(?: \w+)? {_FIRST} {_MONTH_WORD}", None),
        (rf"\b{_FIRST} manader\w*", None),
        # from month n, month n
        (
            r"\b(?:kuukaudesta|kuukausi|kuusta|manad|manaden|manad nr|kk) (?:nro |nr )?(?P<n>\d{1,2})(?![\w.,:€])(?! ?(?:e|eur\w*|h|t|tuntia|tim\w*)\b)",
            0,
        ),
        (
            rf"(?<![\w,:/+-])(?P<n>\d{{1,2}})\s?(?:\.|:?(?:s|nnesta|nnen|nnessa|nteen|e|a|dje|sta|nnella))[\s-]{{0,2}}(?!manader){_MONTH_WORD}",
            0,
        ),
        (rf"{_FRONT}(?P<n>\d{{1,2}}):s(?: \w+)?? (?!manader){_MONTH_WORD}", 0),
    )
]
_NOT_SERVICE = re.compile(
    r"raska|raskau|gravid|laskettu|odot(?:an|us)|vauva on|ikai|gammal|vuotia|\bjoka \d:s\b|\bvar(?:t|je)? (?:\d:s|annan)\b|synty|fodde|fodsel|sitten\b|sedan\b"
)
# a month of these is no month of the service, whatever is asked about it
_PREGNANT = re.compile(
    r"raskaana|raskau|gravid|havande|laskettu aika|pregnan|\bodotan \w*(?:vauva|lasta|esiko|kaksos)|"
    r"\bvantar (?:\w+ ){0,2}?(?:barn|bebis|tvilling)"
)


def service_month(text: str) -> Fact | None:
    """Month of the service that is asked about."""
    if _PREGNANT.search(text):
        return None
    if _NOT_SERVICE.search(text) and not re.search(r"maks|hin[tn]a|kost|pris|avgift|omavastuu|setel|sedel", text):
        return None
    for pattern, shift in _MONTH_PATTERNS:
        match = pattern.search(text)
        if not match:
            continue
        before = text[: match.start()]
        if re.search(r"\b(?:joka|var|vart|varje) $", before):
            continue
        if shift is None:
            value: int | None = 1
        else:
            number = _integer(match["n"])
            value = None if number is None else number + shift
        if shift == 1 and not re.search(
            r"maks|hin[tn]|kost|pris|avgift|omavastuu|setel|sedel|mit[ae]|va[d]?\b|1:s", text
        ):
            continue
        # "jo kolmatta kuukautta": how long something has lasted
        if shift == 0 and "kuukautta" in match[0] and not _COST.search(text):
            continue
        if value and 1 <= value <= MAX_MONTH:
            return Fact("month", value, *match.span())
    return None


def facts(text: str) -> list[Fact]:
    """All facts of a message, at most one of each kind, in the order household_size, hours, month."""
    line = read(text)
    found = [household_size(line.text), hours_a_month(line.text), service_month(line.text)]
    return [fact._replace(start=line.starts[fact.start], end=line.ends[fact.end - 1]) for fact in found if fact]


@component(COMPONENT.ENTITY_EXTRACTOR, trainable=False)
class FactsExtractor(GraphComponent):
    """Adds the facts of a message to its entities."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FactsExtractor:
        """A component without state."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add `entities`, each with value and place."""
        for message in messages:
            found = [
                {**fact._asdict(), "extractor": type(self).__name__}
                for fact in facts((message.get(TEXT) or "")[:LONGEST])
            ]
            message.set("entities", (message.get("entities") or []) + found, add_to_output=True)
        return messages
