"""The assistant's real server, started once for all tests that talk to it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 540  # seconds; `make test` has trained the model before, which takes longer


@pytest.fixture(scope="session")
def assistant_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the running assistant has printed so far."""
    return tmp_path_factory.mktemp("assistant") / "log"


@pytest.fixture(scope="session")
def assistant(assistant_log: Path) -> Iterator[str]:
    """The address of a running assistant."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "ASSISTANT_PORT": str(port),
        "ESTIMATOR_URL": "http://estimator.example",
        "CHAT_MESSAGES_PER_MINUTE": "1000",
        "CHAT_BURST": "1000",
    }
    with assistant_log.open("wb") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environment, stdout=written, stderr=written
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server, assistant_log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"the assistant did not start:\n{log.read_text(errors='replace')[-3000:]}")
