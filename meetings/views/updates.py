"""Saving updates of one side on a section or an item, and private notes, while typing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alignment.models import Team, User
from alignment.rules.formatting import longday
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import require
from meetings.forms.updates import NoteForm, Offer, WordsForm
from meetings.models import Meeting, PrivateNote, Update
from meetings.needs.undo import signed
from meetings.updates import autosave
from meetings.updates.autosave import EditableUpdate, Subject, Text
from meetings.views.in_row import InRow

PAGE: dict[str, Any] = {"template": "meetings/prepare/text.html", "message": "Saved."}


@require_POST
def save_update(request: Request, pk: int) -> HttpResponseBase:
    """Save the update of the user's side on a section or an item."""
    now, user = timezone.now(), request.user
    subject = Subject.submitted(request.POST.get("about", ""), request.POST.get("section", ""))
    editable = _require_seat(autosave.load_update(user, pk, subject), user, pk)
    require(editable.meeting.can_comment(user), "You can read this meeting, but not write in it.")
    is_over = not editable.meeting.is_ahead
    offer = _next_meeting(editable.meeting) if is_over else None
    form = WordsForm(request.POST, instance=editable, is_over=is_over, offer=offer)

    def save() -> Update:
        text, version = form.cleaned_data["text"], form.submitted_version
        update = autosave.save_update(editable, subject, text, version=version, by=user, now=now)
        Team.objects.bump_revision(editable.meeting.team_id)
        return update

    in_row = InRow.of(request)

    def done(update: Update) -> HttpResponse:
        assert in_row is not None
        token = signed("answer", update, by=user, key=in_row.key, existed=editable.row is not None)
        return in_row.done(f"You answered “{update.item}”.", token)

    default = _page(editable.meeting, user, subject.anchor)
    more = PAGE | {"meeting": editable.meeting} | (in_row.answers(done) if in_row else {})
    try:
        return edit_view(request, form, save=save, default=default, **more)
    except autosave.ItemNotFoundError as gone:
        raise Http404 from gone


@require_POST
def save_note(request: Request, pk: int) -> HttpResponseBase:
    """Save the user's private note."""
    now, user = timezone.now(), request.user
    editable = _require_seat(autosave.load_note(user, pk), user, pk)
    form = NoteForm(request.POST, instance=editable)

    def save() -> PrivateNote:
        text, version = form.cleaned_data["text"], form.submitted_version
        return autosave.save_note(editable, text, version=version, by=user, now=now)

    default = _page(editable.meeting, user, "notes")
    return edit_view(request, form, save=save, default=default, meeting=editable.meeting, **PAGE)


def _next_meeting(meeting: Meeting) -> Offer | None:
    """The next meeting, for what was typed while this one was ended."""
    following = Meeting.objects.ahead().filter(team=meeting.team).first()
    if following is None:
        return None
    day = longday(meeting.team.today(following.starts_at))
    url = reverse("meetings:update", args=[following.pk])
    return Offer(url, "Keep it for the next meeting", f"Kept for the next meeting, {day}.")


def _require_seat(editable: EditableUpdate[Text] | None, user: User, pk: int) -> EditableUpdate[Text]:
    """The loaded text. Raises Http404 for a meeting that is not visible, PermissionDenied if it is but the
    user has no seat.
    """
    if editable is None:
        get_object_or_404(Meeting.objects.visible_to(user), pk=pk)
        raise PermissionDenied("You can see the facts of this meeting, but not what was written.")
    return editable


def _page(meeting: Meeting, user: User, anchor: str) -> str:
    """The page on which the user writes this text, at its anchor."""
    prepares = meeting.is_ahead and meeting.can_prepare(user)
    page = reverse("meetings:prepare" if prepares else "meetings:review", args=[meeting.pk])
    return f"{page}#{anchor}"
