"""The frame around every page: language, navigation, preview banner, notes on a broken link, and the page itself.

What a person typed stays while they visit another page when its widget's key starts with `kept_`.
"""

from __future__ import annotations

import streamlit as st

from core.handoff import from_query
from core.localisation import Language
from estimator_app import day
from estimator_app.sitemap import SERVICE, SITE, Entry, page_title
from estimator_app.words import OFFERED, language, say, tell

LANGUAGE_NAMES: dict[Language, str] = {"fi": "Suomeksi", "sv": "På svenska", "en": "English"}


def main() -> None:
    keep_what_was_typed()
    pages = {entry.name: page_of(entry) for entry in SITE}
    current = st.navigation(list(pages.values()), position="hidden")
    entry = next(entry for entry in SITE if pages[entry.name] == current)
    st.session_state["pages"] = pages
    st.set_page_config(page_title=page_title(entry, language()))
    frame_for_page_script(entry)
    header(entry, pages)
    current.run()
    footer(entry, pages)


def keep_what_was_typed() -> None:
    """Streamlit forgets the widgets of a page that is left; assigning their values keeps them."""
    for key in st.session_state:
        if str(key).startswith("kept_"):
            st.session_state[key] = st.session_state[key]


def page_of(entry: Entry) -> st.Page:
    return st.Page(entry.file, title=tell(entry.title), url_path=entry.path, default=not entry.path)


def frame_for_page_script(entry: Entry) -> None:
    """Tells `static/page.js` what the server knows: the page's language and name."""
    st.html(f'<span class="page-facts" data-language="{language()}" data-page="{entry.name}"></span>')


def header(entry: Entry, pages: dict[str, st.Page]) -> None:
    with st.container(key="header", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{tell(SERVICE)}**", width="content")
        language_switch(pages[entry.name])
    if not st.context.is_embedded:
        with st.container(key="navigation", horizontal=True):
            links("top", pages)
    if previewed := day.previewed():
        st.warning(say("Preview: these pages show the rules of {date}, not of today.", date=previewed))
    for note in from_query(st.query_params.to_dict())[1]:
        st.info(tell(note))


def language_switch(page: st.Page) -> None:
    """Links to this page in the other languages, with the link's other parameters."""
    with st.container(key="languages", horizontal=True, width="content"):
        for code in OFFERED:
            st.page_link(
                page,
                label=LANGUAGE_NAMES[code],
                query_params={**st.query_params.to_dict(), "lang": code},
                disabled=code == language(),
            )


def footer(entry: Entry, pages: dict[str, st.Page]) -> None:
    with st.container(key="footer"):
        if not st.context.is_embedded:
            links("bottom", pages)


def links(place: str, pages: dict[str, st.Page]) -> None:
    for entry in SITE:
        if entry.place == place:
            st.page_link(pages[entry.name], label=tell(entry.title), query_params={"lang": language()})


main()
