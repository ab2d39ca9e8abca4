"""`python -m core estimate|assess|informal-care|check`: JSON in, JSON out.

Exit 0 on success; 2 for bad input, with one line on standard error; `check` exits 1 when the rule data has faults.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import msgspec

from core.commands import Json, assess_command, estimate_command, informal_care_command
from core.errors import CoreError, InvalidInput
from core.localisation import LANGUAGES, Language, Text, render
from core.rule_check import check

Command = Callable[[Json, Language, date], dict[str, Any]]
COMMANDS: Final[dict[str, Command]] = {
    "estimate": estimate_command,
    "assess": assess_command,
    "informal-care": informal_care_command,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m core", description="The rules of home service for families.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        command = commands.add_parser(name)
        command.add_argument("--lines", action="store_true", help="one JSON object a line in, one answer a line out")
        command.add_argument("--lang", choices=LANGUAGES, default="fi", help="language of the texts")
    commands.add_parser("check", help="validate all rule data")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # whatever the terminal's own encoding is

    if options.command == "check":
        return run_check()
    if options.lines:
        return run_lines(COMMANDS[options.command], options.lang)
    try:
        given = sys.stdin.buffer.read()
        print(answer(COMMANDS[options.command], given, options.lang))
    except CoreError as error:
        print(_one_line(error, options.lang), file=sys.stderr)
        return 2
    return 0


def run_check() -> int:
    """List every fault of the rule data."""
    faults = check()
    print(msgspec.json.encode({"faults": faults}).decode())
    return 1 if faults else 0


def run_lines(command: Command, language: Language) -> int:
    """Answer each line; a bad line gets an error and the others still run."""
    failed = False
    for line in sys.stdin.buffer:
        try:
            print(answer(command, line, language))
        except CoreError as error:
            failed = True
            print(msgspec.json.encode({"error": _one_line(error, language)}).decode())
    return 2 if failed else 0


def answer(command: Command, given: bytes, language: Language) -> str:
    """One JSON answer to one JSON object. Raises CoreError for anything that is not allowed."""
    try:
        parsed = msgspec.json.decode(given)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("input", given.decode("utf-8", "replace"), Text("one JSON object in UTF-8")) from None
    if not isinstance(parsed, dict):
        raise InvalidInput("input", parsed, Text("one JSON object in UTF-8"))
    return msgspec.json.encode(command(parsed, language, date.today())).decode()


def _one_line(error: CoreError, language: Language) -> str:
    return " ".join(render(error.text, language).split())


if __name__ == "__main__":
    sys.exit(main())
