"""The catalogs of sentences: `python -m core.catalogs update|compile|check`.

`update` collects every English source text from the code, the assistant's domain and the rule data into the Finnish and
Swedish catalogs; `compile` makes what the programs read; `check` lists every message that is missing, fuzzy, stale, has
other placeholders than its source, or holds an amount that belongs into the rule data.
"""

from __future__ import annotations

import io
import re
import string
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, Any, Final

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from core.localisation import CATALOGS, LANGUAGES, Language

ROOT: Final = CATALOGS.parent
KEYWORDS: Final[dict[str, Any]] = {"Text": None, "say": None}
TRANSLATED: Final[tuple[Language, ...]] = tuple(language for language in LANGUAGES if language != "en")
_NO_DATE: Final = datetime(2026, 1, 1, tzinfo=timezone.utc)
_AMOUNT: Final = re.compile(r"\d\s*(?:€|eur\b|euro)", re.IGNORECASE)
_RULE_TEXTS: Final = ("text", "title", "section")

Found = tuple[int, str | None, str, list[str]]


def extract_rules(file: IO[bytes], *_: object, **__: object) -> Iterator[Found]:
    """Babel extractor for rule data: the values of `text`, `title` and `section`."""
    yield from _scalars(file, lambda path: path[-1] in _RULE_TEXTS)


def extract_domain(file: IO[bytes], *_: object, **__: object) -> Iterator[Found]:
    """Babel extractor for a Rasa domain: the texts of its responses, and the titles of their buttons."""
    yield from _scalars(file, lambda path: path[0] == "responses" and path[-1] in ("text", "title"))


def template() -> Catalog:
    """All source texts, in order of where they stand."""
    catalog = Catalog(project="kotipalveluneuvoja", charset="utf-8")
    methods: Any = [  # babel takes functions here, though its types name strings only
        ("core/rules/**.yml", extract_rules),
        ("bot/domain/**.yml", extract_domain),
        ("core/**.py", "python"),
        ("bot/**.py", "python"),
        ("estimator_app/**.py", "python"),
    ]
    found = extract_from_dir(ROOT, method_map=methods, keywords=KEYWORDS, directory_filter=_is_ours)
    for filename, _, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
        catalog.add(message, locations=[(filename, 0)], auto_comments=comments, context=context)
    return catalog


def update() -> None:
    """Bring the catalogs up to date: new messages are added untranslated, messages no longer used are dropped."""
    source = template()
    for language in TRANSLATED:
        catalog = _read(language)
        catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        path = _path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = io.BytesIO()
        write_po(written, catalog, width=0, include_lineno=False)
        path.write_bytes(written.getvalue())


def compile_all() -> None:
    """Write the compiled catalogs beside the written ones."""
    for language in TRANSLATED:
        with _path(language).with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, _read(language))


def check() -> list[str]:
    """Every fault of the catalogs, a line each."""
    source = template()
    wanted = {_id(message) for message in source if message.id}
    faults = [f"source: an amount is typed into a text: {text!r}" for text in sorted(wanted) if _AMOUNT.search(text)]
    for language in TRANSLATED:
        catalog = _read(language)
        kept = {_id(message): message for message in catalog if message.id}
        faults += [f"{language}: missing: {text!r}" for text in sorted(wanted - kept.keys())]
        faults += [f"{language}: stale: {text!r}" for text in sorted(kept.keys() - wanted)]
        for text in sorted(wanted & kept.keys()):
            faults += [f"{language}: {fault}: {text!r}" for fault in _message_faults(kept[text])]
    return faults


def _message_faults(message: Message) -> Iterator[str]:
    source, translation = _id(message), str(message.string or "")
    if not translation.strip():
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    try:
        if placeholders(source) != placeholders(translation):
            yield f"placeholders differ ({', '.join(sorted(placeholders(source) ^ placeholders(translation)))})"
    except ValueError as error:
        yield f"broken placeholder ({error})"
    if _AMOUNT.search(translation):
        yield "an amount is typed into the translation"


def placeholders(text: str) -> set[str]:
    """The names in braces.

    >>> sorted(placeholders("{band}: at most {share} an hour"))
    ['band', 'share']
    """
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _scalars(file: IO[bytes], wanted: Callable[[tuple[str, ...]], bool]) -> Iterator[Found]:
    document = yaml.compose(io.TextIOWrapper(file, "utf-8"), Loader=yaml.SafeLoader)  # keeps line numbers
    for path, node in _walk(document, ()):
        if path and wanted(path) and node.value.strip():
            yield node.start_mark.line + 1, None, node.value, []


def _walk(node: yaml.Node | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], yaml.ScalarNode]]:
    match node:
        case yaml.MappingNode():
            for key, value in node.value:
                yield from _walk(value, (*path, str(key.value)))
        case yaml.SequenceNode():
            for item in node.value:
                yield from _walk(item, path)
        case yaml.ScalarNode():
            yield path, node


def _is_ours(folder: str | Path) -> bool:
    name = Path(folder).name
    return not name.startswith((".", "_")) and name not in ("tests", "locales")


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _path(language: Language) -> Path:
    return CATALOGS / language / "LC_MESSAGES" / "messages.po"


def _read(language: Language) -> Catalog:
    path = _path(language)
    if not path.exists():
        return _with_header(Catalog(locale=language, charset="utf-8"))
    with path.open("rb") as file:
        return _with_header(read_po(file, locale=language))


def _with_header(catalog: Catalog) -> Catalog:
    """The same header every time, so that only messages show up as changes."""
    catalog.project, catalog.version = "kotipalveluneuvoja", "1"
    catalog.header_comment = (
        "# Every sentence of the assistant and the estimator. The English source text is the message id."
    )
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "Kotipalveluneuvoja"
    catalog.creation_date = catalog.revision_date = _NO_DATE
    catalog.fuzzy = False
    return catalog


def _print_faults(faults: Iterable[str]) -> int:
    lines = list(faults)
    for line in lines:
        print(line)
    print(f"catalogs: {len(lines)} faults" if lines else "catalogs: complete")
    return 1 if lines else 0


def main(arguments: list[str]) -> int:
    """Run one verb; the exit code."""
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            return _print_faults(check())
        case _:
            print("usage: python -m core.catalogs update|compile|check", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
