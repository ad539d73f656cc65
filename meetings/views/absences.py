"""Time off: the days a person entered, what they mean for upcoming meetings, and removing them."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.audit import note
from alignment.models import Absence, Company, User
from alignment.rules.formatting import spell_days
from alignment.web.requests import Request
from alignment.web.responses import back, refuse
from meetings.forms.absences import AbsenceForm, people_of
from meetings.schedule.days_off import find_affected_meetings

ABOUT = (
    "Vacation, a trade fair or any other days you are away; you need not say why. Your teams see that you are "
    "away. You won’t be asked to prepare a meeting on these days, and if it is not held it counts as excused."
)


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: Request) -> HttpResponse:
    """The person's absences from today on, the form for another, and the meetings they affect."""
    now, user = timezone.now(), request.user
    today = timezone.localdate(now)
    form = AbsenceForm(request.POST if request.method == "POST" else None, user=user, today=today)
    page = reverse("meetings:absences")
    if form.is_bound and form.is_valid():
        person, first, last = form.person, form.cleaned_data["first"], form.cleaned_data["last"]
        with transaction.atomic():
            _, is_new = Absence.objects.get_or_create(
                user=person, first=first, last=last, defaults={"entered_at": now, "entered_by": user}
            )
            if is_new:
                _note_in_audits("absence.added", person, user, new=spell_days(first, last))
        who = "You are" if person == user else f"{person} is"
        return back(request, page, message=f"{who} away {spell_days(first, last)}.")
    people = people_of(user)
    ahead = (
        Absence.objects.filter(user__in=people, last__gte=today)
        .select_related("user")
        .order_by("first", "pk")
    )
    context = {
        "form": form,
        "absences": find_affected_meetings(list(ahead), now),
        "action": page,
        "next": page,
        "button": "Add time off",
        "heading": "Time off",
        "about": ABOUT,
        "others": len(form.people) > 1,
    }
    return render(request, "meetings/absences.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Remove an absence unless it is over; meetings excused because of it stay excused."""
    user, page = request.user, reverse("meetings:absences")
    absence = get_object_or_404(Absence.objects.filter(user__in=people_of(user)), pk=pk)
    if absence.last < timezone.localdate():
        return refuse(request, page, "Time off in the past cannot be removed. Nothing was changed.")
    with transaction.atomic():
        days = spell_days(absence.first, absence.last)
        if Absence.objects.filter(pk=pk).delete()[0]:
            _note_in_audits("absence.removed", absence.user, user, old=days)
    return back(request, page, message=f"Time off removed: {days}.")


def _note_in_audits(what: str, person: User, by: User, *, old: str = "", new: str = "") -> None:
    """Record it in the audit of each company in which the person has a seat."""
    for company in Company.objects.filter(teams__seats__user=person, teams__seats__until=None).distinct():
        note(what, by=by, now=timezone.now(), company=company, about=person.name, old=old, new=new)
