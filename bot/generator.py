"""The response generator that Rasa asks for every answer (`bot/endpoints.yml` names it)."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from bot.answers import answer_for
from bot.memory import told


class FamilyAnswers(NaturalLanguageGenerator):
    """Our answers in place of Rasa's templates: they see the whole conversation."""

    def __init__(self, endpoint_config: object = None, domain: object = None) -> None:
        """Rasa's arguments are not needed: the responses are read from the domain's own file."""

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, *_: Any, **__: Any) -> dict[str, Any]:
        """The message for one of the actions of a turn; an empty one when the plan has nothing for it."""
        known = told(event.as_dict() for event in tracker.events)
        return answer_for(utter_action, known, date.today())
