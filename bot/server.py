"""The assistant's server: Rasa with our channel alone, no HTTP API, no telemetry, and no message text in its logs.

Environment: ASSISTANT_PORT (5005), ASSISTANT_HOST (127.0.0.1; 0.0.0.0 when a proxy on another machine stands before it).
"""

from __future__ import annotations

import logging
import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

# Read when numpy, TensorFlow and Rasa are imported. One thread each: a message is small, and waiting threads spin.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ.setdefault(_threads, "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["LOG_LEVEL"] = os.environ["LOG_LEVEL_LIBRARIES"] = "ERROR"
logging.captureWarnings(True)  # to a log that is not kept: Rasa's warnings quote messages

import structlog  # noqa: E402
from rasa.core.run import serve_application  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.utils.common import configure_logging_and_warnings  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

HERE: Final = Path(__file__).resolve().parent
PORT: Final = 5005
HOST: Final = "127.0.0.1"
_LOGGED: Final = frozenset({"event", "level", "timestamp", "logger", "exc_info", "exception"})


def serve(model: Path) -> None:
    """Serve a trained model until the process is stopped.

    Raises FileNotFoundError without the model, ValueError for a port that is none.
    """
    if not model.is_file():
        raise FileNotFoundError(f"{model}: no model there; `python -m bot train` makes it")
    port = os.environ.get("ASSISTANT_PORT", str(PORT))
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"ASSISTANT_PORT: {port!r}; allowed: 1 to 65535")
    _quiet()
    serve_application(
        model_path=str(model),
        interface=os.environ.get("ASSISTANT_HOST", HOST),
        port=int(port),
        credentials=str(HERE / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(HERE / "endpoints.yml")),
        enable_api=False,
    )


def _quiet() -> None:
    """Errors only, and of structured log entries only what cannot hold a message."""
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")  # before Rasa's own
    configure_logging_and_warnings(logging.ERROR)
    configure_structlog(logging.ERROR)
    processors = structlog.get_config()["processors"]
    structlog.configure(processors=[_without_texts, *processors])


def _without_texts(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in entry.items() if key in _LOGGED}
