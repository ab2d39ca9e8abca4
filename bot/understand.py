"""Reads messages with a trained model's own components, without Rasa's server and the TensorFlow it imports."""

from __future__ import annotations

import importlib
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypedDict

from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

OURS = "bot.components."


class Understood(TypedDict):
    """What a message was understood to say; `hours` are a month, as a decimal string."""

    text: str
    language: str
    topic: str
    confidence: float
    situations: list[str]
    household_size: int | None
    hours: str | None
    month: int | None


class Reader:
    """The pipeline of a model archive, in its order."""

    def __init__(self, archive: Path) -> None:
        with TemporaryDirectory() as folder:
            with tarfile.open(archive) as tar:
                tar.extractall(folder)
            self._components = list(_components(Path(folder)))

    def parse(self, text: str) -> dict[str, Any]:
        """All properties that the components set, as in Rasa's parse data."""
        messages = [Message(data={TEXT: text})]
        for component in self._components:
            messages = component.process(messages)  # type: ignore[attr-defined]
        return messages[0].as_dict(only_output_properties=True)

    def understand(self, text: str) -> Understood:
        """One message in the public shape."""
        parsed = self.parse(text)
        facts = {entity["entity"]: entity["value"] for entity in parsed.get("entities", [])}
        return {
            "text": text,
            "language": parsed["language"]["code"],
            "topic": parsed["intent"]["name"],
            "confidence": parsed["intent"]["confidence"],
            "situations": parsed["situations"],
            "household_size": facts.get("household_size"),
            "hours": facts.get("hours"),
            "month": facts.get("month"),
        }


def _components(model: Path) -> Iterator[GraphComponent]:
    metadata = json.loads((model / "metadata.json").read_text(encoding="utf-8"))
    nodes = metadata["predict_schema"]["nodes"]
    storage = LocalModelStorage(model / "components")
    context = ExecutionContext(GraphSchema({}), metadata["model_id"])
    for name in sorted((name for name in nodes if nodes[name]["uses"].startswith(OURS)), key=_place):
        node = nodes[name]
        module, _, class_name = node["uses"].rpartition(".")
        construct = getattr(getattr(importlib.import_module(module), class_name), node["constructor_name"])
        resource = Resource((node.get("resource") or {"name": name})["name"])
        yield construct(config=node["config"], model_storage=storage, resource=resource, execution_context=context)


def _place(node: str) -> int:
    """A component's place in the pipeline, the number at the end of its node's name."""
    match = re.search(r"\d+$", node)
    if match is None:
        raise ValueError(f"model: node {node!r} has no place in the pipeline; train the model again")
    return int(match[0])


def answers(archive: Path, lines: Iterable[str]) -> Iterator[str]:
    """One line of JSON a line of text, in the same order."""
    reader = Reader(archive)
    for line in lines:
        yield json.dumps(reader.understand(line.rstrip("\r\n")), ensure_ascii=False)
