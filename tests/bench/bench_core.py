"""How much work `core` does for 1,000 estimates: CPU seconds beyond start-up, and as a ratio to start-up.

Start-up is one estimate. Both are taken several times in turn and the smallest of each is kept, so that other work on
the machine counts little. Run by `make bench`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BANDS = ("weekday_day", "weekday_evening", "saturday_day", "night", "sunday")
CASES = 1_000
ROUNDS = 3


def case(number: int) -> dict[str, object]:
    """A case unlike its neighbours: sizes, incomes, hours, bands, prices, years and visits all vary."""
    given: dict[str, object] = {
        "on": ("2024-06-01", "2025-03-01", "2026-11-01")[number % 3],
        "household_size": number % 9 + 1,
        "monthly_income": None if number % 10 == 0 else f"{500 + number * 7 % 6000}.{number % 100:02}",
        "provider_price": f"{30 + number % 15}.50",
    }
    if number % 4 == 0:
        given["visits"] = [
            {"weekday": "tue", "start": "16:30", "end": "19:00", "times_per_month": "4"},
            {"weekday": "sat", "start": "18:00", "end": f"2{number % 4}:20", "times_per_month": "2"},
        ]
    else:
        given["hours"] = dict.fromkeys(BANDS[: number % 5 + 1], f"{number % 11 + 1}.25")
    return given


def cpu_seconds(count: int) -> float:
    """CPU seconds of `python -m core estimate --lines` for so many cases."""
    given = "".join(json.dumps(case(number)) + "\n" for number in range(count))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "core", "estimate", "--lines"],
        input=given, capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(done.stdout.splitlines()) == count
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    rounds = [(cpu_seconds(1), cpu_seconds(CASES)) for _ in range(ROUNDS)]
    startup = min(one for one, _ in rounds)
    beyond = min(all_cases for _, all_cases in rounds) - startup
    print(
        f"core estimate: start-up {startup:.2f} s of CPU; {CASES} cases {beyond:.2f} s beyond it, {beyond / startup:.1f} times start-up"
    )


if __name__ == "__main__":
    main()
