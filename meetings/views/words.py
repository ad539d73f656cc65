"""Words of one side on a section or an item, and private notes: saved while typing."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alignment.access import Request
from alignment.models import Stale, Team, User, Versioned
from alignment.saving import allow, is_autosave, kept
from meetings import words as spoken
from meetings.forms.words import NoteForm, TextForm, WordsForm
from meetings.models import Meeting, Section
from meetings.words import Place, Sheet

OVER = (
    "This meeting is over, so these words could not go into its record. "
    "Nothing else was changed; copy them to the next meeting."
)


@require_POST
def words(request: Request, pk: int) -> HttpResponse:
    """Put down what the user's side says on a section or an item."""
    now, user, form = timezone.now(), request.user, WordsForm(request.POST)
    place = form.place if form.is_valid() else Place(Section.REVENUE)
    sheet = _given(spoken.sheet(user, pk, place), user, pk)
    allow(sheet.meeting.can_comment(user), "You may read this meeting, but not write in it.")
    if not sheet.meeting.is_ahead:
        form.add_error("text", OVER)

    def save() -> Versioned:
        row = spoken.write(sheet, place, form.chosen(sheet.text), version=form.told_version, by=user, now=now)
        Team.objects.stir(sheet.meeting.team_id)
        return row

    try:
        return _answer(request, form, sheet.meeting, save=save)
    except spoken.NoSuchItem as gone:
        raise Http404 from gone


@require_POST
def note(request: Request, pk: int) -> HttpResponse:
    """Put down what the user writes for themselves alone."""
    now, user, form = timezone.now(), request.user, NoteForm(request.POST)
    sheet = _given(spoken.note_sheet(user, pk), user, pk)

    def save() -> Versioned:
        return spoken.write_note(sheet, form.chosen(sheet.text), version=form.told_version, by=user, now=now)

    return _answer(request, form, sheet.meeting, save=save)


def _given(sheet: Sheet | None, user: User, pk: int) -> Sheet:
    """Not visible is 404; visible without a seat (an admin) is 403."""
    if sheet is None:
        get_object_or_404(Meeting.objects.visible_to(user), pk=pk)
        raise PermissionDenied("You see the facts of this meeting, not its words.")
    return sheet


def _answer(
    request: Request, form: TextForm, meeting: Meeting, *, save: Callable[[], Versioned]
) -> HttpResponse:
    """Saved, invalid (422) or two texts (409): to an autosave, or as a page of its own."""
    status, context = 422, {"form": form, "meeting": meeting, "next": request.POST.get("next", "")}
    page = "autosave_errors"
    if form.is_valid():
        try:
            return kept(request, save(), _page(request, meeting, form), said="Saved.")
        except Stale as stale:
            status, page = 409, "conflict"
            context["conflict"] = form.conflict(stale, who=_who(stale, request))
    template = f"components/{page}.html" if is_autosave(request) else "meetings/prepare/text.html"
    return render(request, template, context, status=status)


def _page(request: Request, meeting: Meeting, form: TextForm) -> str:
    """Where these words are written: the page of the writer's side, at the place they are about."""
    prepares = meeting.is_ahead and meeting.can_prepare(request.user)
    page = reverse("meetings:prepare" if prepares else "meetings:review", args=[meeting.pk])
    place = form.cleaned_data.get("about") or form.cleaned_data.get("section") or "notes"
    return f"{page}#{place}"


def _who(stale: Stale, request: Request) -> str:
    author: User = stale.current.author
    return "Your other window" if author == request.user else author.name
