"""Danger in plain words is heard by the trained model; the listed phrases are only such as always mean danger."""

from __future__ import annotations

import pytest

from bot.components.text_features import words
from bot.components.topics import danger_pattern
from bot.model import train
from bot.understand import Reader

# Their words also occur in other senses, so no listed phrase settles them: the model must.
PLAIN = [
    "itsemurha",
    "mietin itsemurhaa",
    "olen itsetuhoinen",
    "lapsi on hengenvaarassa",
    "mieheni uhkailee minua",
    "lapsi tukehtuu",
    "tarvin ambulanssin heti",
    "ollaan turvakodissa, mies etsii meitä",
    "självmord",
    "jag tänker på självmord",
    "barnet är i fara",
    "min man misshandlar mig",
    "jag vill göra mig illa",
    "behöver en ambulans nu",
    "jag tar livet av mig",
    "vi är på skyddshemmet, han letar efter oss",
    "vill dö",
    "jag har självmordstankar",
    "mies on tajuton",
    "tein jotain peruuttamatonta",
    "han slog mig nyss",
    "han får stryk varje kväll",
]
OTHER_SENSES = [
    "ambulanssi vei vaimon eilen sairaalaan",
    "tää arki tappaa mut :D",
    "karkasin turvakotiin talvella, nyt uusi asunto",
    "ingen är i fara",
    "tvillingarna tar livet av mig 😅",
    "tonårsdottern blev misshandlad på stan förra helgen",
    "jag vill dock veta vad det kostar",
    "när vill dom ha ansökan?",
    "kommunen reagerar inte på min ansökan",
    "vi får stryka kläderna själva",
    "onko päätös peruuttamaton?",
    "tajuton väsymys",
    "ravistan mattoja",
    "emme halua elää sotkussa",
    "nä ja har inga självmordstankar",
]


def test_plain_danger_is_heard() -> None:
    reader = Reader(train())
    assert [text for text in PLAIN if reader.parse(text)["intent"]["name"] != "emergency"] == []


@pytest.mark.parametrize("text", OTHER_SENSES)
def test_a_listed_phrase_has_no_other_sense(text: str) -> None:
    assert danger_pattern().search(words(text)) is None
