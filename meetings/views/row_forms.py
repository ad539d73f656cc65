"""The forms of a row on a meeting's page: fetched when opened, or separate pages without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.web.requests import Request
from alignment.web.responses import next_page, require
from meetings.agenda import build
from meetings.agenda.queries import pages
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.sections import InitiativeRow, IssueRow
from meetings.models import Meeting
from meetings.views.section_context import Permissions, section_context

NOT_YOURS = "You can read this meeting, but not write in it."
OVER = "This meeting is over, so you can no longer write in it."
Subject = AgendaSection | Row


@dataclass(frozen=True, slots=True)
class RowForm:
    """One kind of form: for which rows it is, who may send it, and the label of its link."""

    template: str
    fits: Callable[[Subject], bool]
    is_allowed: Callable[[Permissions], bool]
    label: Callable[[Subject, Permissions], str]


def _comment_label(subject: Subject, can: Permissions) -> str:
    words = "Edit your comment" if subject.words_of(can.side) else "Comment"
    return f"{words} on {subject.short.lower()}" if isinstance(subject, AgendaSection) else words


FORMS = {
    "comment": RowForm(
        template="meetings/row_forms/comment.html",
        fits=lambda subject: True,
        is_allowed=lambda can: can.comment,
        label=_comment_label,
    ),
    "capture": RowForm(
        template="meetings/row_forms/capture.html",
        fits=lambda subject: True,
        is_allowed=lambda can: can.capture,
        label=lambda subject, can: "Commitment or decision",
    ),
    "not-yet": RowForm(
        template="meetings/row_forms/not-yet.html",
        fits=lambda subject: isinstance(subject, InitiativeRow) and not subject.finished,
        is_allowed=lambda can: can.agree,
        label=lambda subject, can: "Request changes…",
    ),
    "solve": RowForm(
        template="meetings/row_forms/solve.html",
        fits=lambda subject: isinstance(subject, IssueRow) and not subject.solved,
        is_allowed=lambda can: can.order,
        label=lambda subject, can: "Resolve",
    ),
}


@require_safe
def row_form(request: Request, pk: int, name: str, about: str) -> HttpResponse:
    """The form `name` for the row or section `about`: a fragment for htmx, else a page."""
    visible = Meeting.objects.visible_to(request.user)
    meeting = get_object_or_404(pages().filter(pk__in=visible.values("pk")), pk=pk)
    require(meeting.can_read(request.user), NOT_YOURS)
    require(meeting.is_ahead, OVER)
    form, can = FORMS.get(name), Permissions.of(meeting, request.user)
    agenda = build(meeting, request.user, timezone.now())
    subject = agenda.at(about)
    if form is None or subject is None or not form.fits(subject):
        raise Http404("This form does not exist.")
    require(form.is_allowed(can), NOT_YOURS)
    here = next_page(request, reverse("meetings:review", args=(pk,)))
    context = section_context(request, meeting, agenda, here=here)
    label = form.label(subject, can)
    context |= {
        "row": subject,
        "own": subject.words_of(can.side),
        "label": label,
        "heading": f"{label.rstrip('…')}: {subject.title}",
        "template": form.template,
    }
    page = "fragment" if request.htmx else "page"
    return render(request, f"meetings/row_forms/{page}.html", context)
