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
from meetings.agenda import Agenda, build
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
    "row": RowForm(
        template="meetings/row_forms/row.html",
        fits=lambda subject: isinstance(subject, Row),
        is_allowed=lambda can: True,
        label=lambda subject, can: "",
    ),
    "comment": RowForm(
        template="meetings/row_forms/comment.html",
        fits=lambda subject: True,
        is_allowed=lambda can: can.comment,
        label=_comment_label,
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
        "heading": f"{label.rstrip('…')}: {subject.title}" if label else subject.title,
        "template": form.template,
    }
    if name == "row" and isinstance(subject, Row):
        context |= _place_of(subject, agenda, is_whole=not request.htmx)
    page = "fragment" if request.htmx else "page"
    return render(request, f"meetings/row_forms/{page}.html", context)


def _place_of(row: Row, agenda: Agenda, *, is_whole: bool) -> dict[str, object]:
    """How much of the row stands on the page already: nothing but its title in a fold, not all in brief."""
    all_arranged = [section.arranged for section in agenda.sections]
    return {
        "is_row": True,
        "is_folded": is_whole or any(row in arranged.unchanged for arranged in all_arranged),
        "is_brief": any(row in arranged.changed for arranged in all_arranged),
        "body_template": f"meetings/sections/{row.key}.html#body",
    }
