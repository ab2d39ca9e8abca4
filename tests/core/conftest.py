"""What the tests of `core` share."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import settings

from core.__main__ import main

settings.register_profile("core", deadline=None, max_examples=150, derandomize=True, database=None)
settings.load_profile("core")


class Answer(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`python -m core` in this process: arguments and standard input; exit code, output and errors."""

    def call(*arguments: str, given: str = "") -> Answer:
        stdin = io.TextIOWrapper(io.BytesIO(given.encode("utf-8", "surrogateescape")), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stdin)
        code = main([*arguments])
        return Answer(code, *capsys.readouterr())

    return call
