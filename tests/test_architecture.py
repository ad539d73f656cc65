"""Conventions that a reader may rely on."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.template.loader import get_template

ROOT = Path(__file__).parent.parent
ROOMS = ("alignment", "deals", "meetings")
COMPOSITION = {"settings.py", "urls.py", "celery.py"}
FORBIDDEN = {"alignment": ("deals", "meetings"), "deals": ("meetings",), "meetings": ()}


def sources(room: str) -> Iterator[Path]:
    return (file for file in sorted((ROOT / room).rglob("*.py")) if "migrations" not in file.parts)


ALL = [file for room in ROOMS for file in sources(room)]


def named(files: list[Path]) -> list[str]:
    return [str(file.relative_to(ROOT)) for file in files]


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("file", ALL, ids=named(ALL))
def test_dependencies_point_one_way(file: Path) -> None:
    room = file.relative_to(ROOT).parts[0]
    wrong = [name for name in imported(file) if name.split(".")[0] in FORBIDDEN[room]]
    assert not wrong


@pytest.mark.parametrize("file", ALL, ids=named(ALL))
def test_no_signals_and_no_generic_foreign_keys(file: Path) -> None:
    assert not [name for name in imported(file) if "signals" in name or "contenttypes" in name]


def test_no_drawer_for_odds_and_ends() -> None:
    assert not [file for file in ALL if file.stem in {"services", "utils", "helpers", "common", "misc"}]


@pytest.mark.parametrize("file", ALL, ids=named(ALL))
def test_files_stay_small_enough_to_read(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= 400  # STYLE asks for a look at 300; this stops a mega-file


def test_nothing_is_done_behind_save() -> None:
    overriding = [model for model in ours() if "save" in vars(model)]
    assert not overriding


def test_every_model_is_in_the_emergency_admin() -> None:
    assert not [model for model in ours() if not admin.site.is_registered(model)]


def ours() -> list[type]:
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


@pytest.mark.parametrize("file", TEMPLATES, ids=named(TEMPLATES))
def test_every_template_compiles(file: Path) -> None:
    if file.suffix in {".html", ".txt"}:
        get_template(str(file.relative_to(ROOT / "templates")))


PAGES = [file for file in TEMPLATES if "emails" not in file.parts and file.suffix == ".html"]


@pytest.mark.parametrize("file", PAGES, ids=named(PAGES))
def test_pages_keep_to_the_strict_policy(file: Path) -> None:
    text = file.read_text()
    assert not re.search(r"<[^>]*\s(style|on[a-z]+|hx-on[^=]*)=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    assert not re.search(r"""(src|href)=["']https?://""", text)


REQUESTS = re.compile(r"render\(\s*request,\s*\"([^\"]+)\"")


@pytest.mark.parametrize("file", ALL, ids=named(ALL))
def test_every_rendered_template_exists(file: Path) -> None:
    for name in REQUESTS.findall(file.read_text()):
        get_template(name)
