"""What the components that learn have in common: their settings, and how what they learned is stored and loaded."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

FILE = "learned.pickle"
Kind = TypeVar("Kind", bound="Learner")


class Learner(GraphComponent):
    """A component with a model. Its `train` learns one and gives it to `_stored`; its `process` asks `_learned` for it."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: Any = None) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls: type[Kind],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Kind:
        """A component that has learned nothing yet."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def load(
        cls: type[Kind],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Kind:
        """A component with what it learned. Raises ValueError when nothing was stored."""
        config = {**cls.get_default_config(), **config}
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, cls._from(folder, config))

    @classmethod
    def _from(cls, folder: Path, config: dict[str, Any]) -> Any:
        return pickle.loads((folder / FILE).read_bytes())

    @classmethod
    def _into(cls, folder: Path, model: Any) -> None:
        (folder / FILE).write_bytes(pickle.dumps(model))

    def _stored(self, model: Any) -> Resource:
        self._model = model
        with self._storage.write_to(self._resource) as folder:
            self._into(folder, model)
        return self._resource

    def _learned(self) -> Any:
        if self._model is None:
            raise ValueError(f"{type(self).__name__}: not trained; train a model first")
        return self._model
