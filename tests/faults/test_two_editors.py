"""Two people of one side write at the same time, two hundred times: no words vanish without having been seen.

Each keeps the last version the server told, as their browser does. Whoever is refused (409) reads the other's text and
keeps both, as the page offers.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from alignment.models import User
from meetings.models import Meeting, Section, Update
from tests.cast import Cast

pytestmark = [pytest.mark.django_db(transaction=True)]
SAVES = 100  # of each of the two


@dataclass
class Editor:
    """A browser: the text in each field, the version it stands on, and what was acknowledged."""

    name: str
    client: Client
    meeting: Meeting
    version: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    conflicts: int = 0

    def add(self, section: str) -> None:
        """One more word at the end of what this browser shows."""
        word = f"{self.name}{len(self.kept)}."
        self.send(section, f"{self.texts.get(section, '')} {word}".strip())
        self.kept.append(f"{section}:{word}")

    def send(self, section: str, text: str) -> None:
        told: dict[str, Any] = {"section": section, "text": text, "version": self.version.get(section, 0)}
        response = self.client.post(f"/meetings/{self.meeting.pk}/update/", told, headers={"X-Autosave": "1"})
        if response.status_code == 409:
            self.conflicts += 1
            shown = response.context["conflict"]
            self.version[section] = shown.version
            return self.send(section, both(shown.fields[0].theirs, text))
        assert response.status_code == 204, response.content
        self.version[section], self.texts[section] = int(response["X-Version"]), text
        return None


def both(theirs: str, mine: str) -> str:
    """Theirs, and after it what of mine is not there yet."""
    return " ".join([theirs, *(word for word in mine.split() if word not in theirs.split())]).strip()


@pytest.fixture
def editors(cast: Cast, meeting: Meeting, as_: Callable[[User], Client]) -> tuple[Editor, Editor]:
    return Editor("a", as_(cast.leader), meeting), Editor("b", as_(cast.delegate), meeting)


def stored() -> dict[str, list[str]]:
    return {update.section: update.text.split() for update in Update.objects.all()}


def lost(*editors: Editor) -> set[str]:
    there = {f"{section}:{word}" for section, words in stored().items() for word in words}
    return {word for editor in editors for word in editor.kept} - there


def test_two_hundred_saves_in_turn_overwrite_nothing_in_silence(editors: tuple[Editor, Editor]) -> None:
    chance, sections = random.Random(11), [section.value for section in Section]
    for _ in range(2 * SAVES):
        chance.choice(editors).add(chance.choice(sections))
    assert lost(*editors) == set()
    assert sum(len(editor.kept) for editor in editors) == 2 * SAVES
    assert all(editor.conflicts for editor in editors)


def test_two_hundred_saves_at_the_same_time_overwrite_nothing_in_silence(
    editors: tuple[Editor, Editor],
) -> None:
    at_once(editors, lambda editor, number: editor.add(("revenue", "deals")[number % 7 == 0]))
    assert lost(*editors) == set()
    assert all(len(words) == len(set(words)) for words in stored().values())


def test_different_sections_never_collide(editors: tuple[Editor, Editor]) -> None:
    at_once(editors, lambda editor, _: editor.add({"a": "revenue", "b": "risks"}[editor.name]))
    assert [editor.conflicts for editor in editors] == [0, 0]
    assert {section: len(words) for section, words in stored().items()} == {"revenue": SAVES, "risks": SAVES}


def at_once(editors: tuple[Editor, Editor], act: Callable[[Editor, int], None]) -> None:
    begin = threading.Barrier(len(editors))

    def write(editor: Editor) -> None:
        begin.wait()
        for number in range(SAVES):
            act(editor, number)
        connection.close()

    with ThreadPoolExecutor(len(editors)) as pool:
        for done in [pool.submit(write, editor) for editor in editors]:
            done.result()
