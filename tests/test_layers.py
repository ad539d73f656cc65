"""Nothing low names something high: not by an address, a task, a kind of notice or a kind of audit entry."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import get_resolver

from alignment.outbox.notice_kinds import KINDS
from deals.registry import audit_labels as of_deals
from meetings.registry import audit_labels as of_meetings

ROOT = Path(__file__).parent.parent
HIGHER = {"alignment": ("deals", "meetings"), "deals": ("meetings",)}
LABELS = {"deals": of_deals.LABELS, "meetings": of_meetings.LABELS}
COMPOSITION = {
    "alignment/settings.py",
    "alignment/celery.py",
    "alignment/urls/__init__.py",
    "alignment/exports/schema.py",  # lists the apps whose models an archive holds
    "alignment/management/commands/start.py",  # asks for the first sweep
}
"""What puts the apps together may name them."""


MEANT = {
    "alignment/models/preferences.py": "the groups of notices a person turns on and off are one list for the product",
    "alignment/rules/charts.py": "a chart of outcomes draws those of meetings",
    "deals/crm_formats/smaller_crms.py": "a deal is cancelled, not a meeting",
    "deals/imports/kinds/words.py": "an invoice is cancelled, not a meeting",
    "alignment/urls/people.py": "an invitation to the company, not to a meeting",
}
"""Where a kind of something high is also a word of its own."""


def strings(file: Path) -> Iterator[str]:
    """What the code says, without its docstrings."""
    tree = ast.parse(file.read_text())
    expressions = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in expressions:
            yield node.value


@cache
def addresses(app: str) -> frozenset[str]:
    """The first parts of the app's addresses: "/deals/", "/risks/"."""
    patterns = importlib.import_module(f"{app}.urls").urlpatterns
    firsts = {str(pattern.pattern).partition("/")[0] for pattern in patterns}
    return frozenset(f"/{first}/" for first in firsts if first and not first.startswith("<"))


@cache
def kinds(app: str) -> frozenset[str]:
    """The kinds of notices and of audit entries that the app writes."""
    notices = {name for name, kind in KINDS.items() if kind.write.__module__.startswith(f"{app}.")}
    return frozenset(notices | set(LABELS[app]))


def names_of(app: str, text: str) -> bool:
    starts = tuple(addresses(app) - shared_addresses(app))
    return bool(re.match(rf"{app}[.:]\w", text)) or text.startswith(starts)


def is_kind_of(app: str, text: str, *, name: str) -> bool:
    return text in kinds(app) and name not in MEANT


@cache
def shared_addresses(app: str) -> frozenset[str]:
    """Where a lower app has pages too, such as the setup."""
    lower = {"deals": ("alignment",), "meetings": ("alignment", "deals")}[app]
    return frozenset().union(*(addresses(each) for each in lower))


FILES = [
    file
    for app in HIGHER
    for file in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in file.parts and str(file.relative_to(ROOT)) not in COMPOSITION
]


def test_nothing_low_names_something_high() -> None:
    found = {
        f"{name}: {text}"
        for file in FILES
        for name in [str(file.relative_to(ROOT))]
        for app in HIGHER[name.partition("/")[0]]
        for text in strings(file)
        if names_of(app, text) or is_kind_of(app, text, name=name)
    }
    assert not found


@pytest.mark.parametrize(
    ("app", "text"),
    [
        ("deals", "/deals/"),
        ("deals", "deals:risks"),
        ("meetings", "/commitments/7/"),
        ("meetings", "meetings.tasks.sweep"),
    ],
)
def test_a_name_of_something_high_is_found(app: str, text: str) -> None:
    assert names_of(app, text)


@pytest.mark.parametrize(("app", "text"), [("deals", "revenue.added"), ("meetings", "overdue")])
def test_a_kind_of_something_high_is_found(app: str, text: str) -> None:
    assert is_kind_of(app, text, name="alignment/audit.py")


def test_every_address_is_known() -> None:
    assert get_resolver().url_patterns
    assert {"/deals/", "/risks/"} <= addresses("deals")
