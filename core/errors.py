"""The exceptions of `core`, all below `CoreError`."""

from __future__ import annotations

from core.localisation import Text, render


class CoreError(Exception):
    """Something that `core` refuses; `text` says it to a person, in any language."""

    def __init__(self, text: Text) -> None:
        super().__init__(render(text, "en"))
        self.text = text


class InvalidInput(CoreError):
    """A value that was given is not allowed. `field` names where it stood."""

    def __init__(self, field: str, given: object, allowed: Text) -> None:
        self.field = field
        self.given = given
        self.allowed = allowed
        super().__init__(
            Text(
                "{field}: {given} was given. Allowed: {allowed}",
                {"field": field, "given": shorten(given), "allowed": allowed},
            )
        )


class NoRulesForDate(CoreError):
    """No rules are known for the authority on that date; nothing is guessed."""


class RuleDataError(CoreError):
    """The rule data itself is faulty; `faults` lists everything found."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(Text("{faults}", {"faults": "; ".join(faults)}))


def shorten(given: object, length: int = 60) -> str:
    """The given value as one short line, for a message.

    >>> shorten("12\\n13")
    "'12\\\\n13'"
    """
    shown = repr(given)
    return shown if len(shown) <= length else shown[: length - 1] + "…"
