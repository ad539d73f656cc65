"""What a team thinks of a contact: entered and read by its CEO and its sales leader."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.models import Team
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import require
from deals.models import Account, Contact
from meetings.forms.contact_notes import ContactNoteForm
from meetings.models import ContactNote

WHY_NOT = "Only the CEO and the sales leader say where a contact stands."


@require_http_methods(["GET", "HEAD", "POST"])
def contact_note(request: Request, slug: str, pk: int) -> HttpResponse | HttpResponseBase:
    user, now = request.user, timezone.now()
    team = get_object_or_404(Team.objects.read_by(user).select_related("company"), slug=slug)
    at_team = Account.objects.known_to([team.pk])
    visible = Contact.objects.visible_to(user).filter(account__in=at_team).select_related("account")
    contact = get_object_or_404(visible, pk=pk)
    blank = ContactNote(contact=contact, team=team)
    require(blank.can_edit(user), WHY_NOT)
    stored = (
        ContactNote.objects.visible_to(user).filter(contact=contact, team=team).select_related("by").first()
    )
    form = ContactNoteForm(request.POST if request.method == "POST" else None, instance=stored or blank)
    return edit_view(
        request,
        form,
        save=lambda: form.write(by=user, now=now),
        default=reverse("deals:account", args=[contact.account_id]),
        message="Saved.",
        heading=f"Where {contact} stands",
        about=f"{contact.account}, for the CEO and the sales leader of {team} alone.",
    )
