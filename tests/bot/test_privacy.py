"""Masking: sentences as data in privacy.yml, and what must hold for any text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum import iban
from stdnum.fi import hetu

from bot.privacy import mask
from core.figures import contacts_on

CASES = yaml.safe_load(Path(__file__).with_name("privacy.yml").read_text(encoding="utf-8"))
CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
CENTURIES = {1800: "+", 1900: "-YXWVU", 2000: "ABCDEF"}

unhurried = settings(deadline=None)  # a busy machine is no fault
surroundings = st.text(st.sampled_from("aäÖ .,:;!?()-–@/\n0123456789€"), max_size=12)


@st.composite
def identity_codes(draw: st.DrawFn) -> str:
    """A valid identity code of any century and sign."""
    century = draw(st.sampled_from(sorted(CENTURIES)))
    sign = draw(st.sampled_from(CENTURIES[century]))
    day, month, year = draw(st.integers(1, 28)), draw(st.integers(1, 12)), draw(st.integers(0, 99))
    number = draw(st.integers(2, 999))
    check = CHECK[int(f"{day:02}{month:02}{year:02}{number:03}") % 31]
    return f"{day:02}{month:02}{year:02}{sign}{number:03}{check}"


@st.composite
def account_numbers(draw: st.DrawFn) -> str:
    """A valid Finnish account number, with or without spaces."""
    account = f"{draw(st.integers(0, 10**14 - 1)):014}"
    number = f"FI{iban.calc_check_digits(f'FI00{account}')}{account}"
    return iban.format(number) if draw(st.booleans()) else number


@pytest.mark.parametrize(("typed", "masked"), CASES["masked"].items())
def test_masks(typed: str, masked: str) -> None:
    assert mask(typed) == masked


@pytest.mark.parametrize("typed", CASES["unchanged"])
def test_leaves_alone(typed: str) -> None:
    assert mask(typed) == typed


@unhurried
@given(st.text(st.sampled_from("aAfFiIxY19 0.,-+@:/()\n[]"), max_size=60) | st.text(max_size=60))
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@unhurried
@given(surroundings, identity_codes(), st.booleans(), surroundings)
def test_a_valid_identity_code_never_survives(before: str, code: str, small: bool, after: str) -> None:
    assert hetu.is_valid(code, allow_temporary=True)
    typed = code.lower() if small else code
    assert typed not in mask(f"{before}{typed}{after}")


@unhurried
@given(st.lists(identity_codes(), min_size=1, max_size=4), st.sampled_from(["", " ", ", ", "\n", " ja "]))
def test_nor_do_several(codes: list[str], between: str) -> None:
    masked = mask(between.join(codes))
    assert not [code for code in codes if code in masked]


@unhurried
@given(
    account_numbers(),
    st.sampled_from(["", " ", "tili ", "kontot: "]),
    st.sampled_from(["", " kiitos", ". Hej", ", 12 h"]),
)
def test_a_valid_account_number_never_survives(number: str, before: str, after: str) -> None:
    assert iban.is_valid(number)
    assert mask(f"{before}{number}{after}") == f"{before}[IBAN]{after}"


@unhurried
@given(
    st.sampled_from(["040", "041", "044", "045", "046", "050"]),
    st.integers(0, 9_999_999),
    st.sampled_from(["", " ", "-"]),
)
def test_a_mobile_number_never_survives(prefix: str, subscriber: int, between: str) -> None:
    number = f"{prefix}{between}{subscriber:07}"
    assume(not hetu.is_valid(number))
    assert mask(f"soita {number} heti") in ("soita [PHONE] heti", "soita [ID] heti")


def test_the_countys_own_numbers_stay() -> None:
    contacts = contacts_on(date.today())
    own = [contacts.emergency_number.value, contacts.social_emergency_number.value]
    own += [coordinator.phone for coordinator in contacts.coordinators.value]
    for number in own:
        assert mask(f"soitanko {number}?") == f"soitanko {number}?"
