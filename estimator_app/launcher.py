"""Starts the pages' server with what Streamlit has no setting for: the language, title and script of its first page.

Streamlit's own `static/` is copied to a temporary folder. Its index.html is written there once for each page and
language, so that the language and the title are right from the first byte, with one stylesheet and one script of ours
and no inline script. When an upgrade of Streamlit changes a place that is patched here, the start fails and says which.
"""

from __future__ import annotations

import hashlib
import html
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import streamlit
import streamlit.file_util
import streamlit.net_util
import streamlit.web.bootstrap
import streamlit.web.server.server as streamlit_server
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from core.localisation import LANGUAGES, Language, render
from estimator_app.page_texts import NOSCRIPT, page_texts
from estimator_app.sitemap import SITE, Entry, page_title
from estimator_app.widget import write_widget
from estimator_app.words import preferred_language

APP: Final = Path(__file__).resolve().parent / "app.py"
OURS: Final = Path(__file__).resolve().parent / "static"
LONGEST_WARM_UP: Final = 300  # seconds
WRITTEN: Final = "first-pages"  # the folder of the index.html of each page and language

# Nothing of the families' is shared with anyone, and nothing of Streamlit's own is in the way.
SETTINGS: Final[dict[str, Any]] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.showSidebarNavigation": False,
    "logger.hideWelcomeMessage": True,
    "logger.level": "error",
    "runner.magicEnabled": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxUploadSize": 1,
    # Colours from the MIT-licensed design tokens of Suomi.fi; their contrasts pass WCAG 2.2 AA.
    "theme.base": "light",
    "theme.primaryColor": "#235a9a",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f7f7f8",
    "theme.textColor": "#212121",
    "theme.linkColor": "#235a9a",
    "theme.borderColor": "#5f686d",
    "theme.redColor": "#ae332d",
    "theme.redTextColor": "#ae332d",
    "theme.greenTextColor": "#00563f",
    "theme.blueTextColor": "#00357a",
    "theme.yellowTextColor": "#212121",
    "theme.showWidgetBorder": True,
    "theme.linkUnderline": True,
    "theme.baseRadius": "small",
    "theme.baseFontSize": 18,
    "theme.headingFontSizes": ["2rem", "1.5rem", "1.2rem", "1.1rem", "1rem", "1rem"],
    "theme.headingFontWeights": [700, 600, 600, 600, 600, 600],
}

# What a page may load: only what comes from this server. Streamlit's styles are inline, its icons and charts are data.
SECURITY_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'"
)


class StreamlitChanged(RuntimeError):
    """A place in Streamlit that is patched here is not there exactly once."""


def serve() -> None:
    """Serve the pages until the process is ended. Raises StreamlitChanged, OSError when there is no room to copy to."""
    streamlit.web.bootstrap.load_config_options(flags())
    AppTest.from_file(str(APP), default_timeout=LONGEST_WARM_UP).run()  # else the first visitor waits for the imports
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        site = Path(folder)
        write_site(site)
        point_streamlit_at(site)
        streamlit.web.bootstrap.run(str(APP), False, [], flags())


def flags() -> dict[str, Any]:
    """The settings as Streamlit's command line would hand them over."""
    address = urlsplit(os.environ.get("ESTIMATOR_URL", "http://localhost:8501"))
    settings = {
        **SETTINGS,
        "server.port": int(os.environ.get("ESTIMATOR_PORT", "8501")),
        "browser.serverAddress": address.hostname,  # the one foreign origin that Streamlit lets connect
    }
    return {name.replace(".", "_"): value for name, value in settings.items()}


def write_site(site: Path) -> None:
    """Fill `site` with Streamlit's static files, ours, and a first page for each page and language."""
    original = Path(streamlit.__file__).parent / "static"
    shutil.copytree(original, site, dirs_exist_ok=True)
    for name in ("page.js", "look.css", "icon.svg"):
        shutil.copyfile(OURS / name, site / name)
    write_widget(site)
    index = (original / "index.html").read_text(encoding="utf-8")
    for language in LANGUAGES:
        for entry in SITE:
            first_page = site / WRITTEN / language / f"{entry.name}.html"
            first_page.parent.mkdir(parents=True, exist_ok=True)
            first_page.write_text(first_page_of(index, entry, language), encoding="utf-8")


def first_page_of(index: str, entry: Entry, language: Language) -> str:
    """Streamlit's index.html for one of our pages, in one language.

    Raises StreamlitChanged when what is replaced is not there exactly once.
    """
    texts = html.escape(msgspec.json.encode(page_texts()).decode(), quote=True)
    inline = "<script>\n      window.prerenderReady = false\n    </script>"
    ours = (
        f'<link rel="stylesheet" href="./look.css?{_version("look.css")}">\n'
        f'    <script type="module" src="./page.js?{_version("page.js")}" data-texts="{texts}"></script>'
    )
    for old, new in (
        ('<html lang="en">', f'<html lang="{language}">'),
        ("<title>Streamlit</title>", f"<title>{html.escape(page_title(entry, language))}</title>"),
        (
            '<link rel="shortcut icon" href="./favicon.png" />',
            '<link rel="icon" type="image/svg+xml" href="./icon.svg">',
        ),
        ("You need to enable JavaScript to run this app.", html.escape(render(NOSCRIPT, language))),
        (inline, ""),
        ("</head>", f"  {ours}\n  </head>"),
    ):
        if index.count(old) != 1:
            raise StreamlitChanged(
                f"Streamlit {streamlit.__version__}: index.html holds {old!r} {index.count(old)} times, must hold it once"
            )
        index = index.replace(old, new)
    return index


def point_streamlit_at(site: Path) -> None:
    """Let Streamlit serve `site`, each first page in the language of the request."""
    for module, name in (
        (streamlit.file_util, "get_static_dir"),
        (streamlit.net_util, "get_external_ip"),
        (streamlit_server, "StaticFileHandler"),
        (PagesManager, "uses_pages_directory"),
    ):
        if not hasattr(module, name):
            raise StreamlitChanged(f"Streamlit {streamlit.__version__}: {module.__name__} has no {name}")

    class FirstPages(streamlit_server.StaticFileHandler):  # type: ignore[name-defined,misc]
        def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
            found = super().validate_absolute_path(root, absolute_path)
            if found is None or Path(found) != site / "index.html":
                return found
            asked = self.get_query_argument("lang", "")
            language = asked if asked in LANGUAGES else preferred_language(self.request.headers.get("Accept-Language"))
            self.set_header("Content-Language", language)
            self.set_header("Vary", "Accept-Language")
            self.set_header("Content-Security-Policy", SECURITY_POLICY)
            first_page = site / WRITTEN / language / f"{_entry_at(self.request.path).name}.html"
            return super().validate_absolute_path(root, str(first_page))

        def set_extra_headers(self, path: str) -> None:
            super().set_extra_headers(path)
            self.set_header("X-Content-Type-Options", "nosniff")
            self.set_header("Referrer-Policy", "no-referrer")  # an address says how large a family is
            if not path.startswith("static/") and not self.request.query:
                self.set_header("Cache-Control", "no-cache")  # a file of ours without its version in the address

    streamlit.file_util.get_static_dir = lambda: str(site)
    streamlit.net_util.get_external_ip = lambda: None  # would ask a third party
    streamlit_server.StaticFileHandler = FirstPages
    PagesManager.uses_pages_directory = False  # else the first visitor of a page meets it without its frame


def _entry_at(path: str) -> Entry:
    last = path.rstrip("/").rpartition("/")[2]
    return next((entry for entry in SITE if entry.path == last), SITE[0])


def _version(name: str) -> str:
    """Changes with the file, because browsers may keep it for good."""
    return hashlib.sha256((OURS / name).read_bytes()).hexdigest()[:12]
