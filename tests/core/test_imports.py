"""`core` stands alone: it loads neither the assistant's nor the pages' libraries."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = {
    "rasa",
    "rasa_sdk",
    "streamlit",
    "pandas",
    "numpy",
    "tensorflow",
    "sklearn",
    "altair",
    "httpx",
    "hypothesis",
    "pytest",
}
MODULES = sorted(
    f"core.{path.stem}" for path in (ROOT / "core").glob("*.py") if path.stem not in ("__init__", "__main__")
)


def loaded_by(code: str) -> set[str]:
    """Top-level names of all modules that a fresh Python has loaded after running `code`."""
    script = f"import json, sys\n{code}\nprint(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_all_of_core_loads_nothing_heavy() -> None:
    assert len(MODULES) > 10
    loaded = loaded_by(f"import {', '.join(['core', 'core.__main__', *MODULES])}")
    assert "core" in loaded
    assert loaded & (HEAVY | {"bot", "estimator_app", "tests"}) == set()


def test_an_estimate_loads_nothing_heavy() -> None:
    code = """
from datetime import date
from decimal import Decimal
from core.fees import Case, estimate
estimate(Case(date(2025, 3, 1), 4, {"weekday_day": Decimal(12)}, Decimal(3000)))
"""
    assert loaded_by(code) & (HEAVY | {"bot", "estimator_app"}) == set()


@pytest.mark.parametrize("module", MODULES)
def test_no_module_of_core_names_the_assistant_or_the_pages(module: str) -> None:
    text = (ROOT / "core" / f"{module.removeprefix('core.')}.py").read_text(encoding="utf-8")
    imports = [line for line in text.splitlines() if line.lstrip().startswith(("import ", "from "))]
    assert [line for line in imports if line.split()[1].partition(".")[0] in HEAVY | {"bot", "estimator_app"}] == []
