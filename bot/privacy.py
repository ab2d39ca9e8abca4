"""Masks what could tell who a person is, before a message reaches the model, the memory or a log.

Identity codes, telephone numbers, e-mail addresses and account numbers become neutral marks. Hours, prices, sizes,
dates, clock times and the county's own numbers stay: the answer depends on them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberMatcher
from stdnum import iban
from stdnum.fi import hetu

from core.figures import contacts_on

ID: Final = "[ID]"
PHONE: Final = "[PHONE]"
EMAIL: Final = "[EMAIL]"
IBAN: Final = "[IBAN]"
MARKS: Final = frozenset({ID, PHONE, EMAIL, IBAN})

_REGION: Final = "FI"
_DASH: Final = "-\u2010-\u2015\u2212"  # the hyphen, and the dashes that telephones put in its place
_CENTURY: Final = f"[+A-FU-Y{_DASH}]"  # letters other than A since 2023

_EMAIL: Final = re.compile(
    r"[\w.+%-]{1,64}(?:@|\s?[(\[](?:at|ät)[)\]]\s?)[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|(?<!\w)[^\W\d_][\w.+%-]{0,63}@[\w-]{2,63}",  # the ending forgotten
    re.IGNORECASE,
)
_DAY_TO_YEAR: Final = r"(\d\d)[./]?\s?(\d\d)[./]?\s?((?:\d\d)??\d\d)"
# What looks like an identity code, right or wrong: the date with or without dots and century, the sign, four characters.
_CODE_SHAPE: Final = re.compile(
    rf"(?<!\w){_DAY_TO_YEAR}(?:{_CENTURY}(\d{{3}}[0-9A-Z])| ?[+{_DASH}] ?(\d{{3}}[A-Z]))(?!\w)", re.IGNORECASE
)
# Loosely typed or glued to a word: masked only when the check character is right.
_LOOSE_CODE: Final = re.compile(rf"{_DAY_TO_YEAR}(\s?{_CENTURY}\s?|\s?)(\d{{3}}) ?([0-9A-Y])", re.IGNORECASE)
_MISSING_CENTURY: Final = ("-", "A", "+")

_IBAN_START: Final = re.compile(r"[A-Z]{2}\d\d(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE | re.ASCII)
_IBAN_SHAPE: Final = re.compile(
    r"(?<![^\W\d_])[A-Z]{2} ?\d\d(?:[ -]?\d{4}){2,7}(?:[ -]?\d{1,3})?(?!\d)", re.IGNORECASE | re.ASCII
)

_MOBILE: Final = re.compile(r"(?<!\d)(?:(?:\+|00)?358[ (0)_-]{0,4}|\(?0)(?:4\d|50)\)?(?:[ ._/-]?\d){7}(?!\d)")
_LONG_NUMBER: Final = re.compile(r"\+?\d{9,}")  # no hours, price or date
_DATE: Final = re.compile(r"(?<![\d.])\d{1,2}\.\d{1,2}\.(?:(?:19|20)?\d\d)?(?!\d)")
_YEARS: Final = re.compile(rf"(?<![\d/])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d[{_DASH}](?:19|20)\d\d(?!\d)")
_CLOCK: Final = re.compile(r"(?<![\d.:])(?:[01]?\d|2[0-4])[.:][0-5]\d(?![.:]?\d)")


def mask(text: str) -> str:
    """The text with marks in place of what could tell who a person is. Masking twice changes nothing.

    >>> mask("olen 131052-308T, soita 040 123 4567 klo 16.00-19.00")
    'olen [ID], soita [PHONE] klo 16.00-19.00'
    """
    text = _plain_digits(text)
    while (masked := _mask_once(text)) != text:  # a mark can uncover what stood beside it
        text = masked
    return text


def _mask_once(text: str) -> str:
    text = _EMAIL.sub(EMAIL, text)
    text = _mask_account_numbers(text)
    text = _mask_at_digits(text, _code_end, ID)
    text = _mask_at_digits(text, _loose_code_end, ID)
    return _mask_phone_numbers(text)


def _mask_account_numbers(text: str) -> str:
    position = 0
    while match := _IBAN_START.search(text, position):
        position = match.start() + 1
        for end in range(match.end(), match.start() + 14, -1):  # words may follow the number
            if text[end - 1].isalnum() and iban.is_valid(text[match.start() : end], check_country=False):
                text = text[: match.start()] + IBAN + text[end:]
                break
    return _IBAN_SHAPE.sub(IBAN, text)


def _code_end(text: str, start: int) -> int | None:
    match = _CODE_SHAPE.match(text, start)
    if match is None:
        return None
    day, month, year, ending, loose_ending = match.groups()
    is_apart = any(sign.isspace() for sign in text[start : match.end(3)])
    if not (ending or loose_ending).isdigit():  # the letter tells it from years, hours and sums
        return match.end() if not is_apart or _is_day(day, month, year) else None
    years = len(year) == 4 and ending[:2] in ("19", "20")  # "01.08.2025-2026"
    return match.end() if _is_day(day, month, year) and not is_apart and not years else None


def _is_day(day: str, month: str, year: str) -> bool:
    return "01" <= day <= "31" and "01" <= month <= "12" and (len(year) == 2 or year[:2] in ("18", "19", "20"))


def _loose_code_end(text: str, start: int) -> int | None:
    match = _LOOSE_CODE.match(text, start)
    if match is None:
        return None
    day, month, year, typed_century, individual, check = match.groups()
    century = re.sub(f"[{_DASH}]", "-", typed_century.strip())
    if not century and check.isdigit() and any(sign.isspace() for sign in text[start : match.end(3)]):
        return None  # numbers in a row: one in 31 has a right check character
    if century == "-" and len(year) == 4 and year[:2] == individual[:2] == "20":
        return None  # years; the sign of who was born since 2000 is a letter
    for sign in (century,) if century else _MISSING_CENTURY:
        if hetu.is_valid(f"{day}{month}{year[-2:]}{sign}{individual}{check}", allow_temporary=True):
            return match.end()
    return None


def _mask_at_digits(text: str, end_of: Callable[[str, int], int | None], mark: str) -> str:
    """Replaces what begins at a digit and ends where `end_of` says, from left to right."""
    parts: list[str] = []
    position = 0
    while position < len(text):
        end = end_of(text, position) if text[position].isdigit() else None
        parts.append(text[position] if end is None else mark)
        position = position + 1 if end is None else end
    return "".join(parts)


def _mask_phone_numbers(text: str) -> str:
    on_one_line = re.sub(r"\s", " ", text)  # a number may go on in the next line
    blanked = on_one_line
    for numbers in (_DATE, _YEARS, _CLOCK):
        blanked = numbers.sub(_blank, blanked)
    spans = [match.span() for match in _MOBILE.finditer(blanked)]
    spans += [(match.start, match.end) for match in PhoneNumberMatcher(blanked, _REGION, leniency=Leniency.VALID)]
    spans += [match.span() for match in _LONG_NUMBER.finditer(blanked)]
    parts: list[str] = []
    position = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= position and not _is_public(on_one_line[start:end]):
            parts += [text[position:start], PHONE]
            position = end
    return "".join(parts) + text[position:]


def _blank(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _is_public(number: str) -> bool:
    try:
        return _national(number) in _public_numbers(date.today())
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=1)
def _public_numbers(on: date) -> frozenset[int]:
    """The county's own numbers, which a family may well repeat."""
    contacts = contacts_on(on)
    numbers = [contacts.emergency_number.value, contacts.social_emergency_number.value]
    numbers += [coordinator.phone for coordinator in contacts.coordinators.value]
    return frozenset(_national(number) for number in numbers if number)


def _national(number: str) -> int:
    parsed: PhoneNumber = phonenumbers.parse(number, _REGION)
    return int(parsed.national_number or 0)


def _plain_digits(text: str) -> str:
    """Digits of other scripts and full-width digits as 0–9."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
