"""Words of one side on a section or an item, and private notes: saved while typing."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
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
from meetings.models import Meeting

OVER = (
    "This meeting is over, so these words could not go into its record. "
    "Nothing else was changed; copy them to the next meeting."
)


@require_POST
def words(request: Request, pk: int) -> HttpResponse:
    """Put down what the user's side says on a section or an item."""
    now, user, form = timezone.now(), request.user, WordsForm(request.POST)
    meetings = spoken.seated(user, pk)
    meeting = _seated(spoken.at_place(meetings, form.place) if form.is_valid() else meetings, user, pk)
    allow(meeting.can_comment(user), "You may read this meeting, but not write in it.")
    if not meeting.is_ahead:
        form.add_error("text", OVER)

    def save() -> Versioned:
        text = form.chosen(spoken.stored(meeting))
        row = spoken.write(meeting, form.place, text, version=form.told_version, by=user, now=now)
        Team.objects.stir(meeting.team_id)
        return row

    try:
        return _answer(request, form, meeting, save=save)
    except spoken.NoSuchItem as gone:
        raise Http404 from gone


@require_POST
def note(request: Request, pk: int) -> HttpResponse:
    """Put down what the user writes for themselves alone."""
    now, user, form = timezone.now(), request.user, NoteForm(request.POST)
    meeting = _seated(spoken.with_note(spoken.seated(user, pk), user), user, pk)

    def save() -> Versioned:
        text = form.chosen(spoken.stored(meeting))
        return spoken.write_note(meeting, text, version=form.told_version, by=user, now=now)

    return _answer(request, form, meeting, save=save)


def _seated(meetings: QuerySet[Meeting], user: User, pk: int) -> Meeting:
    """The meeting with the user's seat. Not visible is 404; visible without a seat (an admin) is 403."""
    meeting = meetings.first()
    if meeting is None:
        get_object_or_404(Meeting.objects.visible_to(user), pk=pk)
        raise PermissionDenied("You see the facts of this meeting, not its words.")
    return spoken.with_seat(meeting, user)


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
