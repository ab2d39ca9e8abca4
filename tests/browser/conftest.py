"""Chromium, and the pages on free ports: with a small assistant, and with one that does not answer.

A test asks for `open_page` and gets a page of the site as a family sees it, once Streamlit has drawn it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.fake_assistant import FakeAssistant, fake_assistant
from tests.browser.looking import NORMAL, leaves, settle

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
LONGEST_START = 120  # seconds

expect.set_options(timeout=20_000)  # milliseconds; a busy machine draws slowly


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, "the browser tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def assistant() -> Iterator[FakeAssistant]:
    with fake_assistant() as running:
        yield running


@pytest.fixture(scope="session")
def site(assistant: FakeAssistant) -> Iterator[str]:
    """The address of the pages, with an assistant that answers."""
    with pages(assistant.address) as address:
        yield address


@pytest.fixture(scope="session")
def site_without_assistant() -> Iterator[str]:
    """The address of the pages, with nobody at the assistant's address."""
    with pages(f"http://127.0.0.1:{free_port()}") as address:
        yield address


@contextmanager
def pages(assistant_address: str) -> Iterator[str]:
    """The pages' own server on a free port."""
    port = free_port()
    address = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "ESTIMATOR_PORT": str(port),
        "ESTIMATOR_URL": address,
        "ASSISTANT_URL": assistant_address,
    }
    server = subprocess.Popen([sys.executable, "-m", "estimator_app"], cwd=ROOT, env=environment)
    try:
        wait_until_healthy(f"{address}/_stcore/health", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_until_healthy(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the pages' server ended with code {server.returncode}"
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"nothing answers at {address}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a path of the site; keyword arguments beside those named here are parameters of the address.

    The page carries the addresses of other servers that it turned to, as `requests_elsewhere`.
    """
    contexts: list[BrowserContext] = []

    def opened(
        path: str = "",
        *,
        at: str = site,
        window: tuple[int, int] = NORMAL,
        locale: str = "fi-FI",
        **parameters: Any,
    ) -> Page:
        context = browser.new_context(viewport={"width": window[0], "height": window[1]}, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.requests_elsewhere = requests_elsewhere = []  # type: ignore[attr-defined]
        page.on("request", lambda request: requests_elsewhere.append(request.url) if leaves(request.url, at) else None)
        page.on("websocket", lambda socket: requests_elsewhere.append(socket.url) if leaves(socket.url, at) else None)
        page.goto(f"{at}/{path}?{urlencode(parameters)}")
        settle(page)
        return page

    yield opened
    for context in contexts:
        context.close()
