"""What the assistant understands: one component of the pipeline a file.

Rasa's recipe takes fifteen seconds and TensorFlow to import, and reading a message needs neither. So a component
announces itself here, and is registered with the recipe only where the recipe is in use: in training and in the server.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import Enum
from typing import TypeVar

RECIPE = "rasa.engine.recipes.default_recipe"
Class = TypeVar("Class", bound=type)


class COMPONENT(Enum):
    """Kinds of component, named as in Rasa's recipe."""

    MESSAGE_FEATURIZER = "MESSAGE_FEATURIZER"
    INTENT_CLASSIFIER = "INTENT_CLASSIFIER"
    ENTITY_EXTRACTOR = "ENTITY_EXTRACTOR"


LONGEST = 1_500  # characters read of a message: reading takes longer the longer it is


def encodable(text: str) -> str:
    """The part of a message that is read, without NUL (where a C string ends) and without halves of a character."""
    return text[:LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


_announced: list[tuple[type, COMPONENT, bool]] = []


def component(kind: COMPONENT, trainable: bool) -> Callable[[Class], Class]:
    """Class decorator: announce a component of the pipeline."""

    def announce(announced: Class) -> Class:
        _announced.append((announced, kind, trainable))
        # the recipe imports a component by its module path while it builds the graph: by then it is loaded
        if RECIPE in sys.modules:
            register_all()
        return announced

    return announce


def register_all() -> None:
    """Register every announced component with Rasa's recipe (imports the recipe)."""
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    for announced, kind, trainable in _announced:
        DefaultV1Recipe.register(DefaultV1Recipe.ComponentType[kind.value], is_trainable=trainable)(announced)
