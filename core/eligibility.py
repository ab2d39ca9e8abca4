"""Could a family get home service? Its situations weighed by the grounds and exclusions of the rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

from msgspec import Struct

from core.errors import InvalidInput
from core.fees import KESKI_SUOMI
from core.localisation import Name, Text
from core.ruleset import Effect, Situation, SourceReference, period_for, periods_of, rule_book

Outcome = Literal["likely", "partly", "discretionary", "unlikely", "unclear"]


class Reason(Struct, frozen=True):
    """What one situation means for the family, and where the rules say so."""

    situation: Situation
    effect: Effect
    text: Text
    source: SourceReference


class Assessment(Struct, frozen=True):
    """An estimate of the decision; one reason for each situation given, in the order given."""

    outcome: Outcome
    reasons: tuple[Reason, ...]


OUTCOME_TEXTS: Final[dict[Outcome, Text]] = {
    "likely": Text("You could well get home service. What you told can be a ground for it."),
    "partly": Text("You could get home service for one part of what you told, but not for all of it."),
    "discretionary": Text("Home service can be granted in your situation with special discretion."),
    "unlikely": Text(
        "Home service is not usually given for what you told. You can still apply, and you get a decision in writing. If something else also weighs on you, tell it."
    ),
    "unclear": Text("I could not yet tell from this whether you could get home service."),
}


def assess(situations: Iterable[str], on: date, authority: str = KESKI_SUOMI) -> Assessment:
    """Weigh the situations of a family; repeated ones count once.

    Raises InvalidInput for a situation that the authority's rules do not know, NoRulesForDate for a date without rules.
    """
    rules = period_for(periods_of(rule_book().home_service, authority), authority, on).situations.value
    reasons = []
    for given in dict.fromkeys(situations):
        rule = next((rule for situation, rule in rules.items() if situation == given), None)
        if rule is None:
            allowed = Text("one of {choices}", {"choices": [Name(situation) for situation in rules]})
            raise InvalidInput("situations", given, allowed)
        situation = next(known for known in rules if known == given)
        reasons.append(Reason(situation, rule.effect, Text(rule.text), rule.source))
    return Assessment(outcome_of({reason.effect for reason in reasons}), tuple(reasons))


def outcome_of(effects: set[Effect]) -> Outcome:
    """The outcome by which effects are present.

    >>> outcome_of({"ground", "exclusion"}), outcome_of({"discretionary", "exclusion"}), outcome_of(set())
    ('partly', 'discretionary', 'unclear')
    """
    if "ground" in effects:
        return "partly" if "exclusion" in effects else "likely"
    if "discretionary" in effects:
        return "discretionary"
    return "unlikely" if effects else "unclear"
