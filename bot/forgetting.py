"""Conversations live in memory only, and are forgotten at a restart and some time after their last message."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

MOST_CONVERSATIONS: Final = 10_000


class ForgettingTrackerStore(InMemoryTrackerStore):
    """Rasa's in-memory store without its endless memory; the time is the domain's session expiry."""

    def __init__(self, domain: Domain, event_broker: Any = None, **_: Any) -> None:
        super().__init__(domain, event_broker)
        self.last_message: dict[str, float] = {}  # in order of time

    @property
    def longest(self) -> float:
        """Seconds; Rasa sets the domain only after the store is made."""
        return self.domain.session_config.session_expiration_time * 60

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation from its last restart on, and drop those that are over."""
        await super().save(tracker)
        if restart := tracker.idx_after_latest_restart():
            kept = tracker.init_copy()  # the one in use stays whole
            kept.events.extend(list(tracker.events)[restart - 1 :])  # with the restart itself
            self.store[tracker.sender_id] = self.serialise_tracker(kept)
        self.last_message.pop(tracker.sender_id, None)
        self.last_message[tracker.sender_id] = time.monotonic()
        self.forget()
        asyncio.get_running_loop().call_later(self.longest + 1, self.forget)  # also when nobody writes any more

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation, unless it is over."""
        self.forget()
        return await super().retrieve(sender_id)

    def forget(self) -> None:
        """Drop conversations without a message for the session's time, and the oldest when there are too many."""
        while self.last_message:
            sender, last = next(iter(self.last_message.items()))
            if time.monotonic() - last <= self.longest and len(self.last_message) <= MOST_CONVERSATIONS:
                return
            del self.last_message[sender]
            self.store.pop(sender, None)
