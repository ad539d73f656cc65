"""Several people who raise one issue after the other, and what they were answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.outcome import wait_for
from tests.faults.visitor import Answer, Visitor

WRITERS = 4


@dataclass
class Written:
    answers: dict[str, Answer] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def write(self, visitor: Visitor, writer: int) -> None:
        number = 0
        while not self.over.is_set():
            title, number = f"Issue {writer}-{number}", number + 1
            self.answers[title] = visitor.post("/issues/new/", team="north", title=title)

    @property
    def acknowledged(self) -> set[str]:
        return {title for title, answer in self.answers.copy().items() if answer.saved}

    @property
    def failed(self) -> list[Answer]:
        return [answer for answer in self.answers.copy().values() if not answer.saved]

    def goes_on(self, more: int = 20) -> None:
        """Wait until so many more were saved."""
        enough = len(self.acknowledged) + more
        wait_for(lambda: len(self.acknowledged) >= enough)


@contextmanager
def writing(visitor: Visitor) -> Iterator[Written]:
    written = Written()
    threads = [threading.Thread(target=written.write, args=(visitor, n)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        written.over.set()
        for thread in threads:
            thread.join(60)
