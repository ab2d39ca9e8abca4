"""The topic of a message: the intent, and the ranking of all topics.

Linear models over two views of a message that err differently: its meaning (dense sentence features) and its letters
(character and word n-grams without dots and repeated letters, so that dialect, typos and "oon uupunu" count).
"""

from __future__ import annotations

import pickle
import re
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack

from bot.components import COMPONENT, component
from bot.components.sentence_features import sentence_and_clauses

OUT_OF_SCOPE = "out_of_scope"
EMERGENCY = "emergency"
_DOTS = str.maketrans("äöåé", "aoae")
_REPEATED = re.compile(r"(.)\1+")
_SIGNS = re.compile(r"[^\w\s?]")


def squeezed(text: str) -> str:
    """Lower case, no dots, no letter twice in a row.

    >>> squeezed("Väääsynyt ÄITI")
    'vasynyt aiti'
    """
    return _REPEATED.sub(r"\1", text.lower().translate(_DOTS))


def words(text: str) -> str:
    """As `squeezed`, without punctuation but the question mark."""
    return _SIGNS.sub(" ", squeezed(text))
