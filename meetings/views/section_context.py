"""The context of the section partials in templates/meetings/sections/, the same on every page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.urls import reverse

from alignment.models import User
from alignment.rules.formatting import MoneyFormat, spell_number
from alignment.rules.roles import PRINCIPAL_SIDES
from meetings.agenda import Agenda
from meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the reader may do on the page; nothing in a record."""

    comment: bool = False
    agree: bool = False
    run: bool = False
    prepare: bool = False
    order: bool = False  # which issue is discussed first
    capture: bool = False  # while the meeting is in progress
    side: str = ""

    @property
    def look_at_deals(self) -> bool:
        """The first look is read by the CEO’s and the sales leader’s side."""
        return self.side in PRINCIPAL_SIDES

    @property
    def token(self) -> UUID:
        """A new token on each access: one for each form that creates a row."""
        return uuid4()

    @classmethod
    def of(cls, meeting: Meeting, user: User) -> Permissions:
        run, side = meeting.can_run(user), meeting.team.side_of(user)
        steers = meeting.is_steered_by(user)
        return cls(
            comment=meeting.can_comment(user),
            agree=meeting.can_agree(user),
            run=run,
            prepare=meeting.can_prepare(user),
            capture=steers,
            order=steers or side in PRINCIPAL_SIDES,
            side=side,
        )


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of a row's forms and links.
    `here` is the page to come back to, `next` the same inside a query.

    The forms of a row are below `forms`, by their name and the row; `forms_query` is their query.
    """

    here: str
    next: str
    update: str
    prepare: str
    issue_new: str
    commitment_new: str
    decision_new: str
    forms: str
    forms_query: str

    @classmethod
    def of(cls, meeting: Meeting, here: str) -> Links:
        encoded = quote(here)
        about = f"?meeting={meeting.pk}&next={encoded}"
        is_review = here == reverse("meetings:review", args=(meeting.pk,))
        forms = reverse("meetings:row_form", args=(meeting.pk, "comment", "x")).removesuffix("comment/x/")
        return cls(
            here=here,
            next=encoded,
            update=reverse("meetings:update", args=(meeting.pk,)),
            prepare=reverse("meetings:prepare", args=(meeting.pk,)),
            issue_new=reverse("meetings:issue_new"),
            commitment_new=reverse("meetings:commitment_new") + about,
            decision_new=reverse("meetings:decision_new") + about,
            forms=forms,
            forms_query="" if is_review else f"?next={encoded}",
        )


def section_context(
    request: HttpRequest, meeting: Meeting, agenda: Agenda, *, frozen: bool = False, here: str = ""
) -> dict[str, Any]:
    """The context of the section partials. A record and a meeting that is over offer no actions.

    `here` is the page to come back to; by default the requested one.
    """
    user: User = request.user  # type: ignore[assignment]  # signed in, says the middleware
    closed = frozen or not meeting.is_ahead
    return {
        "agenda": agenda,
        "meeting": meeting,
        "m": MoneyFormat(agenda.currency, user.locale),
        "can": Permissions() if closed else Permissions.of(meeting, user),
        "to": Links.of(meeting, here or request.path),
        "frozen": closed,
        "only_two": _only_two(agenda, user),
        "raised": frozenset(row.item for row in agenda.issues.rows if not row.solved and row.item),
        "beside_gap": beside_gap(agenda.risks.exposure, agenda.revenue.gap),
        "big_deal_from": meeting.team.big_deal_from,
    }


def _only_two(agenda: Agenda, user: User) -> str:
    """What stands beside that which only the CEO and the sales leader may read."""
    others = (person.first_name for person in (agenda.ceo, agenda.leader) if person and person.id != user.pk)
    return f"only you and {next(others, 'nobody else')}"


def beside_gap(exposure: Decimal, gap: Decimal | None) -> str:
    """How large the exposure is compared to the gap, in words; empty without a gap."""
    if not gap or gap > 0 or not exposure:
        return ""
    times = exposure / -gap
    if times < Decimal("0.75"):
        return "half the gap" if times >= Decimal("0.4") else "less than half the gap"
    if times < Decimal("1.5"):
        return "as much as the gap"
    whole = round(times)
    return f"{spell_number(whole)} times the gap" if whole > 2 else "twice the gap"
