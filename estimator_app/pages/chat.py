"""The chat: a conversation with the assistant, and the way from it into the estimator."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Literal

import streamlit as st
from msgspec import Struct

from estimator_app.assistant import Answer, AssistantSilent, Button, Handoff, ask, new_sender
from estimator_app.contact import contact_route, danger
from estimator_app.day import today
from estimator_app.words import language, say, tell


class Turn(Struct, frozen=True):
    """One message of the conversation."""

    who: Literal["user", "assistant"]
    text: str
    buttons: tuple[Button, ...] = ()
    handoff: Handoff | None = None


def start_again() -> None:
    """An empty conversation, under a new random name."""
    st.session_state["conversation"] = []
    st.session_state["sender"] = new_sender()
    st.session_state["unanswered"] = None


def clear() -> None:
    """Let the assistant forget what was said, and begin again."""
    with suppress(AssistantSilent):
        ask("/restart", st.session_state["sender"], language())
    start_again()


def send(shown: str, message: str) -> None:
    """Put a message into the conversation; the page asks the assistant when it has shown it."""
    st.session_state["conversation"].append(Turn("user", shown))
    st.session_state["unanswered"] = message


def send_typed() -> None:
    typed = (st.session_state["typed"] or "").strip()
    if typed:
        send(typed, typed)


def turns_of(answers: tuple[Answer, ...]) -> list[Turn]:
    """A turn an answer; what comes without a text, as the hand-off does, belongs to the one before."""
    joined: list[Answer] = []
    for answer in answers:
        if answer.text or not joined:
            joined.append(answer)
        else:
            joined[-1] = Answer(joined[-1].text, joined[-1].buttons + answer.buttons, answer.custom)
    return [Turn("assistant", without_own_link(answer), answer.buttons, answer.custom.handoff) for answer in joined]


def without_own_link(answer: Answer) -> str:
    """The answer with its link to the estimator as plain words: `show_next_steps` offers it, without a new window."""
    handoff = answer.custom.handoff
    return re.sub(rf"\[([^]]*)\]\({re.escape(handoff.url)}\)", r"\1", answer.text) if handoff else answer.text


def show_next_steps(turn: Turn, number: int) -> None:
    if turn.handoff:
        with st.container(key="handoff"):
            st.page_link(
                st.session_state["pages"]["estimator"],
                label=turn.handoff.title,
                query_params={**turn.handoff.parameters, "lang": language()},
            )
    if turn.buttons:
        with st.container(key="next_steps", horizontal=True):
            for place, button in enumerate(turn.buttons):
                st.button(
                    button.title, key=f"step_{number}_{place}", on_click=send, args=(button.title, button.payload)
                )


if "conversation" not in st.session_state:
    start_again()
conversation: list[Turn] = st.session_state["conversation"]

st.title(say("Ask the assistant"))
st.info(
    say(
        "You are talking to a program, not to a person. Please do not write names, addresses or identity codes. "
        "What it answers is an estimate, not a decision."
    )
)

with st.container(key="conversation"):
    for turn in conversation:
        with st.chat_message(turn.who):
            st.markdown(turn.text)
    if st.session_state["unanswered"] is not None:
        with st.container(key="typing"), st.chat_message("assistant"):
            st.markdown(say("The assistant is writing …"))

if st.session_state["unanswered"] is not None:
    try:
        answers = ask(st.session_state["unanswered"], st.session_state["sender"], language())
        conversation.extend(turns_of(answers))
    except AssistantSilent:
        sorry = say("The assistant does not answer just now. You can try again in a moment, or ask a person.")
        route = "\n".join(f"- {tell(line)}" for line in contact_route(today()))
        conversation.append(Turn("assistant", f"{sorry}\n\n{route}\n\n{tell(danger(today()))}"))
    st.session_state["unanswered"] = None
    st.rerun()

if not conversation:
    st.markdown(say("Write in your own words, or begin with one of these:"))
    show_next_steps(
        Turn(
            "assistant",
            "",
            (
                Button(say("Could we get home help?"), "/eligibility_general"),
                Button(say("What does it cost?"), "/price_general"),
                Button(say("How do we apply?"), "/how_to_apply"),
            ),
        ),
        0,
    )
elif conversation[-1].who == "assistant":
    show_next_steps(conversation[-1], len(conversation))
    st.button(say("Clear the conversation"), key="clear", type="tertiary", on_click=clear)

st.chat_input(say("Write your question"), key="typed", max_chars=1000, on_submit=send_typed)
