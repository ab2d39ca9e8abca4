"""Conversations are forgotten."""

from __future__ import annotations

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import forgetting
from bot.forgetting import ForgettingTrackerStore

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
