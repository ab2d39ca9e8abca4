"""The trained model: where it lies, when it fits, and how it is trained."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

BOT: Final = Path(__file__).resolve().parent
ROOT: Final = BOT.parent
MODELS: Final = ROOT / ".cache" / "models"
KEPT: Final = 3  # models, the newest; a server may still be starting with the one before
CONFIG: Final = BOT / "config.yml"
DOMAIN: Final = BOT / "domain"
DATA: Final = BOT / "data"
# What decides how a message is read, and what else a model holds.
_CODE: Final = (CONFIG, BOT / "components", ROOT / "uv.lock")
_CONTENT: Final = (DOMAIN, DATA)


def _files(places: tuple[Path, ...]) -> Iterator[Path]:
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (file for file in files if file.suffix in (".py", ".yml", ".lock"))


def digest(*places: Path) -> str:
    """Twelve hex digits of the names and contents of files and folders."""
    total = hashlib.sha256()
    for file in _files(places):
        content = file.read_bytes()
        total.update(f"{file.relative_to(ROOT)} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()[:12]


def model_path() -> Path:
    """Where the model of today's config, domain, data, components and dependencies is, or will be."""
    return MODELS / f"{digest(*_CODE, *_CONTENT)}.tar.gz"


def train() -> Path:
    """The path of a model that fits, trained now if there is none. Progress goes to standard error.

    Raises RuntimeError when training does not give a model.
    """
    path = model_path()
    if path.exists():
        return path
    MODELS.mkdir(parents=True, exist_ok=True)
    with (MODELS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second command waits for the first one's model
        return path if path.exists() else _trained(path)


def _trained(path: Path) -> Path:
    # What Rasa caches is keyed by a component's class alone; its helpers and the dependencies count here too.
    os.environ["RASA_CACHE_DIRECTORY"] = str(ROOT / ".cache" / "rasa" / digest(*_CODE))
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    print(
        "Training the assistant: about half an hour on two cores, once for each change of its data …",
        file=sys.stderr,
        flush=True,
    )

    import rasa.model_training
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from bot.components import register_all

    configure_logging_and_warnings(logging.ERROR)
    configure_structlog(logging.ERROR)  # otherwise it writes on standard output
    register_all()
    with contextlib.redirect_stdout(sys.stderr):  # standard output is the commands' own
        result = rasa.model_training.train(
            domain=str(DOMAIN),
            config=str(CONFIG),
            training_files=str(DATA),
            output=str(MODELS),
            fixed_model_name=f"{path.name.removesuffix('.tar.gz')}.part",
        )
    if not result.model:
        raise RuntimeError(f"Rasa gave no model (code {result.code}): its messages above say why")
    Path(result.model).replace(path)  # under its name only when it is whole
    for old in sorted(MODELS.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return path
