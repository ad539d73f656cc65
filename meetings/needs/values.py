"""What waits for somebody, every sentence ready. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for the reader. `kind` says how it is settled: approve, answer, agree, revise, accept or
    do.
    """

    kind: str
    id: int
    team: str
    title: str
    detail: str
    version: int
    meeting: int | None = None
    """The next one of its team: an answer is part of it."""
    due: date | None = None
    due_in_words: str = ""
    is_overdue: bool = False
    address: str = ""
    """Of an agreement: where it is read and answered otherwise."""
    page_title: str = ""
    """Of a line that is answered together with others: the page of all of them, "Agreement of Q4 2026"."""
    next_key: str = ""
    """The one that follows: without JavaScript the page is opened there after the act."""

    @property
    def is_of_quarter(self) -> bool:
        return bool(self.page_title)

    @property
    def key(self) -> str:
        """Its anchor on the page: “initiative-7”."""
        items = {"approve": "initiative", "revise": "initiative", "answer": "issue", "agree": "agreement"}
        items["confirm"] = "agreement"
        return f"{items.get(self.kind, 'commitment')}-{self.id}"

    @property
    def href(self) -> str:
        """Where it stands, with all around it."""
        if self.address:
            return self.address
        if self.kind in ("accept", "do"):
            return reverse("meetings:commitment_edit", args=[self.id])
        item = "issue" if self.kind == "answer" else "initiative"
        if self.meeting is None or self.kind == "revise":
            return reverse(f"meetings:{item}_edit", args=[self.id])
        return f"{reverse('meetings:review', args=[self.meeting])}#{self.key}"

    @property
    def heading(self) -> str:
        return f"Approve “{self.title}”" if self.kind == "approve" else self.title

    @property
    def in_words(self) -> str:
        """As one line of a mail."""
        verbs = {"approve": "Approve", "answer": "Answer", "revise": "Change the plan of", "accept": "Accept"}
        verbs |= {"agree": "Answer the proposal:", "confirm": "Sign"}
        return f"{verbs.get(self.kind, 'Overdue:')} “{self.title}”"

    @property
    def can_be_answered_here(self) -> bool:
        """An answer is written for a meeting: without one planned there is nowhere to put it."""
        return self.kind == "answer" and self.meeting is not None


@dataclass(frozen=True, slots=True)
class Needs:
    requests: tuple[Need, ...]
    """What the other side waits for: approvals, answers, agreements, changes of a plan, commitments to accept."""
    commitments: tuple[Need, ...]
    """The reader's own open ones that they know of, by their day."""

    @property
    def today(self) -> tuple[Need, ...]:
        """What should not wait: the requests, and commitments that are overdue."""
        return (*self.requests, *(need for need in self.commitments if need.is_overdue))

    @property
    def number(self) -> int:
        """How many things need the reader today."""
        return len(self.today)

    def at(self, key: str) -> Need | None:
        return next((need for need in (*self.requests, *self.commitments) if need.key == key), None)
