"""A small assistant that speaks the REST channel's language, for the pages' tests."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from msgspec import Struct, field

ANSWERS: dict[str, dict[str, Any]] = {
    "fi": {
        "text": "Hinta riippuu perheen tuloista. [Laske oma arviosi](https://example.org/?v=1&lang=fi&size=4&hours=12).",
        "buttons": [{"title": "Tulorajat", "payload": "/income_limits"}],
        "custom": {
            "language": "fi",
            "handoff": {
                "title": "Laske oma hintasi",
                "query": "v=1&lang=fi&size=4&hours=12",
                "url": "https://example.org/?v=1&lang=fi&size=4&hours=12",
            },
        },
    },
    "sv": {
        "text": "Priset beror på familjens inkomster.",
        "buttons": [{"title": "Inkomstgränser", "payload": "/income_limits"}],
        "custom": {
            "language": "sv",
            "handoff": {
                "title": "Räkna ut ert pris",
                "query": "v=1&lang=sv&size=4&hours=12",
                "url": "https://example.org/?v=1&lang=sv&size=4&hours=12",
            },
        },
    },
}


class FakeAssistant(Struct):
    """Where it listens, and what it was asked."""

    address: str
    asked: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def fake_assistant() -> Iterator[FakeAssistant]:
    """An assistant on a free port that answers every message with ANSWERS, in the language of its metadata."""
    assistant = FakeAssistant("")

    class Channel(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assistant.asked.append(asked)
            said = dict(ANSWERS[asked["metadata"]["language"]])
            # as in Rasa's channel, the hand-off is a message of its own
            parts = [{"custom": said.pop("custom")}] if "custom" in said else []
            answer = json.dumps([{"recipient_id": asked["sender"], **part} for part in (said, *parts)]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Channel)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    assistant.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield assistant
    finally:
        server.shutdown()
        server.server_close()
