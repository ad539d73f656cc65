"""Days away: what a person entered, what that means for the meetings ahead, and taking it back."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.access import Request
from alignment.audit import note
from alignment.models import Absence, Company, User
from alignment.saving import back, refuse
from alignment.templatetags.figures import spell_days
from meetings.days_off import meetings_on
from meetings.forms.absences import AbsenceForm, people_of

ABOUT = (
    "Leave, a holiday, a trade fair: days on which you are not there. Nobody asks why. Your teams see that you are away, "
    "nothing is asked of you for a meeting on such a day, and unless it is held it counts as excused, because you said so before."
)


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: Request) -> HttpResponse:
    """One's absences from today on, the form for another, and the meetings that fall on them."""
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
                _noted("absence.added", person, user, new=spell_days(first, last))
        who = "You are" if person == user else f"{person} is"
        return back(request, page, said=f"{who} away {spell_days(first, last)}.")
    people = people_of(user)
    ahead = (
        Absence.objects.filter(user__in=people, last__gte=today)
        .select_related("user")
        .order_by("first", "pk")
    )
    context = {
        "form": form, "absences": meetings_on(list(ahead), now), "action": page, "next": page, "button": "Enter these days",
        "heading": "Days away", "about": ABOUT, "others": len(form.people) > 1,
    }  # fmt: skip
    return render(request, "meetings/absences.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take an absence back while it is not over; what was excused by it stays excused."""
    user, page = request.user, reverse("meetings:absences")
    absence = get_object_or_404(Absence.objects.filter(user__in=people_of(user)), pk=pk)
    if absence.last < timezone.localdate():
        return refuse(request, page, "These days are over, so they stay. Nothing was changed.")
    with transaction.atomic():
        days = spell_days(absence.first, absence.last)
        if Absence.objects.filter(pk=pk).delete()[0]:
            _noted("absence.removed", absence.user, user, old=days)
    return back(request, page, said=f"No longer away {days}.")


def _noted(what: str, person: User, by: User, *, old: str = "", new: str = "") -> None:
    """In the audit of each company in which the person sits."""
    for company in Company.objects.filter(teams__seats__user=person, teams__seats__until=None).distinct():
        note(what, by=by, now=timezone.now(), company=company, about=person.name, old=old, new=new)
