"""Saying yes on home to what the other side proposed."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alignment.agreements.answers import AgreementChangedError, accept
from alignment.views.agreements import get_agreement, label_of, sentence_of
from alignment.web.requests import Request
from alignment.web.responses import back, refuse
from meetings.needs.undo import signed
from meetings.views.in_row import InRow


@require_POST
def agree(request: Request, pk: int) -> HttpResponse:
    agreement, in_row = get_agreement(request, pk), InRow.of(request)
    home = reverse("meetings:home")
    try:
        agreed = accept(agreement, by=request.user, now=timezone.now())
    except AgreementChangedError as changed:
        why = sentence_of(changed)
        if in_row is not None and request.htmx:
            return in_row.row(error=why, status=409)
        return refuse(request, home, why)
    sentence = f"Agreed: {label_of(agreement)}."
    if in_row is None:
        return back(request, home, message=sentence)
    return in_row.done(sentence, signed("agree", agreed, by=request.user, key=in_row.key))
