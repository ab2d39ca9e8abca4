"""The frame around every page: language, navigation, preview banner, notes on a broken link, and the page itself.

What a person typed stays while they visit another page when its widget's key starts with `kept_`.
"""

from __future__ import annotations

import logging
from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.errors import CoreError
from core.handoff import from_query
from estimator_app import day
from estimator_app.contact import contact_route
from estimator_app.sitemap import SERVICE, SITE, Entry, Place, page_title
from estimator_app.words import LANGUAGE_NAMES, OFFERED, language, say, tell

log = logging.getLogger(__name__)


def main() -> None:
    pages = {entry.name: page_of(entry) for entry in SITE}
    current = st.navigation(list(pages.values()), position="hidden")
    entry = next(entry for entry in SITE if pages[entry.name] == current)
    give_back_what_was_typed(entry.name)
    st.session_state["pages"] = pages
    st.set_page_config(page_title=page_title(entry, language()))
    facts_for_script(entry)
    header(pages)
    run(current)
    footer(pages)
    note_what_is_hidden(entry.name)


def give_back_what_was_typed(page: str) -> None:
    """Fill the fields that were not on the screen with what was typed into them before; Streamlit has forgotten it.

    Assigning a value sends it to the browser, over what a person is typing there meanwhile: those on the screen are let be.
    """
    typed = st.session_state.setdefault("typed_before", {})
    typed.update((key, st.session_state[key]) for key in kept_keys())
    drawn, hidden = st.session_state.get("drawn", (None, ()))
    for key, value in typed.items():
        if drawn != page or key in hidden:
            st.session_state[key] = value


def note_what_is_hidden(page: str) -> None:
    """Streamlit refuses a value for a field that is drawn; those that take it are not."""
    hidden = []
    for key in kept_keys():
        with suppress(StreamlitAPIException):
            st.session_state[key] = st.session_state[key]
            hidden.append(key)
    st.session_state["drawn"] = (page, hidden)


def kept_keys() -> list[str]:
    return [str(key) for key in st.session_state if str(key).startswith("kept_")]


def page_of(entry: Entry) -> st.Page:
    return st.Page(entry.file, title=tell(entry.title), url_path=entry.path, default=not entry.path)


def facts_for_script(entry: Entry) -> None:
    """Tell `static/page.js` and `static/look.css` what the server knows: the page's language, its name, and whether it is embedded."""
    embedded = "data-embedded" if st.context.is_embedded else ""
    st.html(f'<span class="page-facts" data-language="{language()}" data-page="{entry.name}" {embedded}></span>')


def header(pages: dict[str, st.Page]) -> None:
    with st.container(key="header", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(tell(SERVICE), width="content")
        language_switch()
    if not st.context.is_embedded:
        with st.container(key="navigation", horizontal=True):
            links("top", pages)
    if previewed := day.previewed():
        st.warning(say("Preview: these pages show the rules of {date}, not of today.", date=previewed))
    for note in from_query(st.query_params.to_dict())[1]:
        st.info(tell(note))


def language_switch() -> None:
    """The page in each language, with what was typed and with the other parameters of its address."""
    with st.container(key="languages", horizontal=True, width="content"):
        for code in OFFERED:
            st.button(
                LANGUAGE_NAMES[code],
                key=f"language_{code}",
                type="tertiary",
                on_click=st.query_params.update,
                args=({"lang": code},),
            )


def run(page: st.Page) -> None:
    """The page itself. What `core` refuses is said; anything unforeseen is said kindly, and logged without what was typed."""
    try:
        page.run()
    except CoreError as error:
        st.error(tell(error.text))
    except Exception as error:
        place = error.__traceback__
        while place and place.tb_next:
            place = place.tb_next
        log.error(
            "%s in %s, line %s",
            type(error).__name__,
            place and place.tb_frame.f_code.co_filename,
            place and place.tb_lineno,
        )
        st.error(say("Something went wrong on this page. Please reload it, or call the service coordinator."))
        for line in contact_route(day.today()):
            st.markdown(tell(line))


def footer(pages: dict[str, st.Page]) -> None:
    if not st.context.is_embedded:
        with st.container(key="footer", horizontal=True):
            links("bottom", pages)


def links(place: Place, pages: dict[str, st.Page]) -> None:
    for entry in SITE:
        if entry.place == place:
            st.page_link(pages[entry.name], label=tell(entry.title), query_params={"lang": language()})


main()
