"""What the chapter partials in templates/meetings/agenda/ are given, whatever page they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse

from alignment.models import User
from alignment.models.teams import Side
from alignment.templatetags.figures import NUMBERS, MoneyFormat
from meetings.agenda import Agenda
from meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Can:
    """What the reader may do on the page. Nothing at all in a frozen record."""

    comment: bool = False
    agree: bool = False
    run: bool = False
    prepare: bool = False
    order: bool = False  # which issue is discussed first
    capture: bool = False  # while the meeting is in progress
    side: str = ""

    @property
    def token(self) -> UUID:
        """Another one each time it is read: for each form that makes a row."""
        return uuid4()

    @classmethod
    def of(cls, meeting: Meeting, user: User) -> Can:
        run, side = meeting.can_run(user), meeting.team.side_of(user)
        return cls(
            comment=meeting.can_comment(user),
            agree=meeting.can_agree(user),
            run=run,
            prepare=meeting.can_prepare(user),
            capture=run and meeting.is_in_progress,
            order=side in (Side.CEO, Side.LEADER),
            side=side,
        )


@dataclass(frozen=True, slots=True)
class Places:
    """Where the forms and links of a row go; `here` is the page to come back to."""

    here: str
    words: str
    prepare: str
    issue_new: str
    commitment_new: str
    decision_new: str

    @classmethod
    def of(cls, meeting: Meeting, here: str) -> Places:
        about = f"?team={meeting.team.slug}&meeting={meeting.pk}"
        return cls(
            here=here,
            words=reverse("meetings:words", args=(meeting.pk,)),
            prepare=reverse("meetings:prepare", args=(meeting.pk,)),
            issue_new=reverse("meetings:issue_new"),
            commitment_new=reverse("meetings:commitment_new") + about,
            decision_new=reverse("meetings:decision_new") + about,
        )


def chapters(
    request: HttpRequest, meeting: Meeting, agenda: Agenda, *, frozen: bool = False
) -> dict[str, Any]:
    """The context of the chapter partials. A frozen agenda offers no act, and neither does a meeting that is over."""
    user: User = request.user  # type: ignore[assignment]  # signed in, says the middleware
    closed = frozen or not meeting.is_ahead
    return {
        "agenda": agenda,
        "meeting": meeting,
        "m": MoneyFormat(agenda.currency, user.locale),
        "can": Can() if closed else Can.of(meeting, user),
        "to": Places.of(meeting, request.path),
        "hidden": "" if closed else hidden(meeting, get_token(request)),
        "frozen": closed,
        "raised": frozenset(row.item for row in agenda.issues.rows if not row.solved and row.item),
        "beside_gap": beside_gap(agenda.risks.exposure, agenda.revenue.gap),
        "big_deal_from": meeting.team.big_deal_from,
    }


def hidden(meeting: Meeting, token: str) -> str:
    """What every form in a row sends along, written once for all of them."""
    return get_template("meetings/agenda/hidden.html").render({"meeting": meeting, "token": token})


def beside_gap(exposure: Decimal, gap: Decimal | None) -> str:
    """How large what is at risk is beside the gap, in words; nothing without a gap."""
    if not gap or gap > 0 or not exposure:
        return ""
    times = exposure / -gap
    if times < Decimal("0.75"):
        return "half the gap" if times >= Decimal("0.4") else "less than half the gap"
    if times < Decimal("1.5"):
        return "as much as the gap"
    whole = round(times)
    return f"{NUMBERS[whole] if whole <= 10 else whole} times the gap" if whole > 2 else "twice the gap"
