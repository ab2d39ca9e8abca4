"""Conversations are forgotten."""

from __future__ import annotations

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Restarted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import forgetting
from bot.forgetting import ForgettingTrackerStore
from bot.memory import Told, told

MINUTES = 30
DOMAIN = Domain.from_dict({"intents": ["greet"], "session_config": {"session_expiration_time": MINUTES}})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds, to be set."""
    now = [0.0]
    monkeypatch.setattr(forgetting.time, "monotonic", lambda: now[0])
    return now


def heard(sender: str) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(sender, [UserUttered("words")], DOMAIN.slots)


def test_a_conversation_is_forgotten_after_its_time(clock: list[float]) -> None:
    async def run() -> None:
        store = ForgettingTrackerStore(DOMAIN)
        await store.save(heard("early"))
        clock[0] = 20 * 60
        await store.save(heard("late"))
        assert await store.retrieve("early") is not None
        clock[0] = MINUTES * 60 + 1
        assert await store.retrieve("early") is None
        assert await store.retrieve("late") is not None
        assert set(await store.keys()) == {"late"}

    asyncio.run(run())


def test_a_message_keeps_the_conversation(clock: list[float]) -> None:
    async def run() -> None:
        store = ForgettingTrackerStore(DOMAIN)
        for minute in (0, 20, 40):
            clock[0] = minute * 60
            await store.save(heard("talker"))
        clock[0] = 60 * 60
        assert await store.retrieve("talker") is not None

    asyncio.run(run())


def test_memory_is_bounded(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "MOST_CONVERSATIONS", 3)

    async def run() -> None:
        store = ForgettingTrackerStore(DOMAIN)
        for number in range(5):
            clock[0] = number
            await store.save(heard(str(number)))
        assert set(await store.keys()) == {"2", "3", "4"}

    asyncio.run(run())


def test_a_restart_forgets_what_was_told_before_it() -> None:
    notice = BotUttered("Hei", metadata={"topic": "notice"})
    before = [SessionStarted(), UserUttered("mieheni on vankilassa"), notice, ActionExecuted("action_restart")]

    async def run() -> None:
        store = ForgettingTrackerStore(DOMAIN)
        tracker = DialogueStateTracker.from_events("restarter", [*before, Restarted()], DOMAIN.slots)
        await store.save(tracker)
        assert "vankilassa" not in store.store["restarter"]
        kept = await store.retrieve("restarter")
        assert kept is not None
        assert list(kept.events) == [Restarted()]
        assert told(event.as_dict() for event in kept.events) == Told()

        # the tracker in use is whole, and Rasa goes on with it
        assert len(tracker.events) == len(before) + 1
        for event in (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")):
            tracker.update(event)
        await store.save(tracker)
        assert "vankilassa" not in store.store["restarter"]

        again = await store.retrieve("restarter")
        assert again is not None
        assert again.latest_action_name == "action_listen"
        for event in (UserUttered("moi"), notice, UserUttered("kiitos")):
            again.update(event)
        await store.save(again)
        last = await store.retrieve("restarter")
        assert last is not None
        assert last.latest_message is not None
        assert last.latest_message.text == "kiitos"
        assert told(event.as_dict() for event in last.events).notice_given

    asyncio.run(run())


def test_only_the_last_restart_counts() -> None:
    async def run() -> None:
        store = ForgettingTrackerStore(DOMAIN)
        events = [UserUttered("first"), Restarted(), UserUttered("second"), Restarted(), UserUttered("third")]
        await store.save(DialogueStateTracker.from_events("restarter", events, DOMAIN.slots))
        assert [word in store.store["restarter"] for word in ("first", "second", "third")] == [False, False, True]

    asyncio.run(run())
