"""How fast one sender may write: a bucket of tokens for each, in memory, the longest silent forgotten first."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable


class RateLimit:
    """At most `burst` messages at once and `per_minute` a minute in the long run, for each sender.

    Remembers at most `capacity` senders; one that was forgotten starts with a full bucket.

    >>> limit = RateLimit(per_minute=60, burst=1, clock=lambda: 0.0)
    >>> limit.wait("a"), limit.wait("a"), limit.wait("b")
    (0.0, 1.0, 0.0)
    """

    def __init__(
        self, per_minute: int, burst: int, capacity: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if per_minute < 1 or burst < 1 or capacity < 1:
            raise ValueError(
                f"rate limit: {per_minute} a minute, burst {burst}, {capacity} senders; allowed: 1 or more"
            )
        self._per_second = per_minute / 60
        self._burst = burst
        self._capacity = capacity
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # sender: tokens, and when counted

    def wait(self, sender: str) -> float:
        """Take a token; 0 when there was one, else the seconds until there is one (none is taken then)."""
        now = self._clock()
        tokens, counted = self._buckets.pop(sender, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - counted) * self._per_second)
        missing = max(0.0, 1 - tokens)
        self._buckets[sender] = (tokens if missing else tokens - 1, now)
        if len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)
        return missing / self._per_second

    def __len__(self) -> int:
        return len(self._buckets)
