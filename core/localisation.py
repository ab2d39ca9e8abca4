"""Whole sentences with named values, in Finnish, Swedish and English.

A sentence is a `Text`: its English source and the values it names. The English source is the message id of
the catalogs in `locales/`. Values are typed (`Money`, `Percent`, …) and formatted only here, by Babel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, Union, cast

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal, parse_pattern
from babel.support import NullTranslations, Translations
from babel.units import format_unit
from msgspec import Struct

Language = Literal["fi", "sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("fi", "sv", "en")
DEFAULT_LANGUAGE: Final[Language] = "fi"
LOCALES: Final[dict[Language, str]] = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_FI"}
CATALOGS: Final = Path(__file__).resolve().parent.parent / "locales"
# Read once: an estimate shows about a hundred figures.
_EUROS: Final = parse_pattern("#,##0\u00a0€")
_CENTS: Final = parse_pattern("#,##0.00\u00a0€")
_NUMBER: Final = parse_pattern("#,##0.##")


class Money(Struct, frozen=True):
    """Euros; `decimals` 0 shows a whole-euro amount (income limits) without cents."""

    amount: Decimal
    decimals: Literal[0, 2] = 2


class Percent(Struct, frozen=True):
    """A percentage as written in the rules: 14 is 14 %."""

    value: Decimal


class Hours(Struct, frozen=True):
    """A number of hours, shown with its unit: "12 tuntia"."""

    value: Decimal


class Name(Struct, frozen=True):
    """A proper name, number or address that is the same in every language."""

    value: str


class Text(Struct, frozen=True):
    """A sentence: English source text with named placeholders, and the values for them."""

    message: str
    values: Mapping[str, Value] = {}


Value = Union[Text, Money, Percent, Hours, Name, date, time, Decimal, int, str, Sequence["Value"]]


def language_of(tag: str | None) -> Language:
    """The language for a tag such as "sv-FI"; Finnish when it is none of ours.

    >>> language_of("sv-FI"), language_of(None)
    ('sv', 'fi')
    """
    code = (tag or "").strip().lower().replace("_", "-").split("-")[0]
    return cast(Language, code) if code in LANGUAGES else DEFAULT_LANGUAGE


def render(text: Text, language: Language) -> str:
    """The sentence in `language`, its values formatted; raises KeyError for a value that is missing."""
    message = _catalog(language).gettext(text.message)
    return message.format_map({name: show(value, language) for name, value in text.values.items()})


def show(value: Value, language: Language) -> str:
    """One value as a person in Finland reads it in `language`."""
    locale = _locale(language)
    match value:
        case Text():
            return render(value, language)
        case Money(amount=amount, decimals=decimals):
            return format_decimal(amount, _CENTS if decimals else _EUROS, locale)
        case Percent(value=number):
            return f"{format_decimal(number.normalize(), _NUMBER, locale)}\u00a0%"
        case Hours(value=number):
            return format_unit(number.normalize(), "duration-hour", "long", format="#,##0.##", locale=locale)
        case Name(value=name):
            return name
        case date():
            return format_date(value, "d.M.yyyy", locale)
        case time():
            return format_time(value, "H.mm", locale=locale)
        case str():
            return value
        case Decimal() | int():
            return format_decimal(value, _NUMBER, locale)
        case _:
            return format_list([show(item, language) for item in value], locale=locale)


@lru_cache(maxsize=len(LANGUAGES))
def _locale(language: Language) -> Locale:
    return Locale.parse(LOCALES[language])


@lru_cache(maxsize=len(LANGUAGES))
def _catalog(language: Language) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    catalog = Translations.load(str(CATALOGS), [language])
    if not isinstance(catalog, Translations):
        raise FileNotFoundError(f"no compiled catalog for {language} in {CATALOGS}: run `make setup`")
    return catalog
