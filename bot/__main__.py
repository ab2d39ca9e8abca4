"""Commands of the assistant: python -m bot train | understand | serve | validate | measure."""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import sys
import warnings

from bot.model import CONFIG, DATA, DOMAIN, train

COMMANDS = {
    "train": "train a model if none fits; print its path",
    "understand": "read messages on standard input, one a line; answer with JSON, one line each",
    "serve": "start the assistant's server",
    "validate": "check domain, data and rules with Rasa",
    "measure": "measure the pipeline on a fifth of the training messages, learned from the rest",
}


def main(arguments: list[str]) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="The assistant.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text, description=text)
    command: str = parser.parse_args(arguments).command
    try:
        return globals()[f"_{command}"]()
    except (RuntimeError, ValueError, OSError) as error:
        print(f"python -m bot {command}: {error}", file=sys.stderr)
        return 1


def _train() -> int:
    print(train())
    return 0


def _understand() -> int:
    # The answers own standard output: whatever libraries print goes to standard error.
    answer_to = io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), encoding="utf-8", write_through=True)
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    model = train()

    from bot.understand import answers

    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="\n")
    with contextlib.suppress(BrokenPipeError):
        for line in answers(model, lines):
            answer_to.write(line + "\n")
    return 0


def _serve() -> int:
    model = train()

    from bot.server import serve

    serve(model)
    return 0


def _validate() -> int:
    from subprocess import run

    command = ["rasa", "data", "validate", "--config", CONFIG, "--domain", DOMAIN, "--data", DATA]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return run([sys.executable, "-m", *map(str, command)], env=environment, check=False).returncode


def _measure() -> int:
    from bot.measuring import report

    print(report())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
