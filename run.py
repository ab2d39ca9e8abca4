"""Start the assistant and the estimator, wait until both answer, warm them up, and stop both on Ctrl-C.

`make run` calls this after the set-up. Ports: ASSISTANT_PORT and ESTIMATOR_PORT in the environment.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

ASSISTANT_PORT = int(os.environ.get("ASSISTANT_PORT", "5005"))
ESTIMATOR_PORT = int(os.environ.get("ESTIMATOR_PORT", "8501"))
ASSISTANT = f"http://localhost:{ASSISTANT_PORT}"
ESTIMATOR = f"http://localhost:{ESTIMATOR_PORT}"
LONGEST_START = 300  # seconds; a slow machine imports for a while


def main() -> int:
    """Run everything until Ctrl-C; the exit code."""
    for name, port in (("ASSISTANT_PORT", ASSISTANT_PORT), ("ESTIMATOR_PORT", ESTIMATOR_PORT)):
        if not _is_free(port):
            print(
                f"Port {port} is in use. Stop what uses it, or choose another: {name}={port + 100} make run",
                file=sys.stderr,
            )
            return 1
    trained = subprocess.run([sys.executable, "-W", "ignore", "-m", "bot", "train"], check=False)
    if trained.returncode:
        return trained.returncode

    signal.signal(signal.SIGTERM, _interrupt)
    environment = {
        **os.environ,
        "ASSISTANT_PORT": str(ASSISTANT_PORT),
        "ESTIMATOR_PORT": str(ESTIMATOR_PORT),
        "ASSISTANT_URL": os.environ.get("ASSISTANT_URL", ASSISTANT),
        "ESTIMATOR_URL": os.environ.get("ESTIMATOR_URL", ESTIMATOR),
    }
    programs = {name: _start(name, environment) for name in ("bot", "estimator_app")}
    try:
        _wait_for("assistant", programs["bot"], f"{ASSISTANT}/")
        _wait_for("estimator", programs["estimator_app"], f"{ESTIMATOR}/_stcore/health")
        print("Warming up …", flush=True)
        for language, greeting in (("fi", "hei"), ("sv", "hej")):
            _say(greeting, language)
        print(f"\nAssistant: {ASSISTANT}/webhooks/rest/webhook")
        print(f"Estimator: {ESTIMATOR}/?lang=fi   {ESTIMATOR}/?lang=sv")
        print(f"Chat:      {ESTIMATOR}/chat?lang=fi   {ESTIMATOR}/chat?lang=sv")
        print("Ctrl-C stops both.", flush=True)
        while all(program.poll() is None for program in programs.values()):
            time.sleep(0.5)
        stopped = [name for name, program in programs.items() if program.poll() is not None]
        print(f"{', '.join(stopped)} stopped; stopping the rest.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        return 0
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        _stop(programs.values())


class StartError(Exception):
    """A program ended or did not answer in time."""


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def _start(name: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A program in a process group of its own, so that Ctrl-C reaches it through us, once."""
    arguments = [sys.executable, "-W", "ignore", "-m", name, *(["serve"] if name == "bot" else [])]
    return subprocess.Popen(arguments, env=environment, start_new_session=True)


def _wait_for(name: str, program: subprocess.Popen[bytes], address: str) -> None:
    print(f"Waiting for the {name} ", end="", flush=True)
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        if program.poll() is not None:
            raise StartError(f"\nThe {name} ended with code {program.returncode} before it answered.")
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=5):
            print(" ready", flush=True)
            return
        print(".", end="", flush=True)
        time.sleep(1)
    raise StartError(f"\nThe {name} did not answer within {LONGEST_START} seconds at {address}.")


def _say(message: str, language: str) -> Any:
    """One message to the assistant, so that the first family does not wait for what is loaded late."""
    body = json.dumps({"sender": f"warm-up-{language}", "message": message, "metadata": {"language": language}})
    request = urllib.request.Request(
        f"{ASSISTANT}/webhooks/rest/webhook", body.encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def _stop(programs: Any) -> None:
    for program in programs:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGTERM)
    for program in programs:
        try:
            program.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
