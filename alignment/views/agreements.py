"""A line that the other side proposed: agreed, declined, withdrawn."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment.agreements.answers import (
    AgreementChangedError,
    FactsChangedError,
    OverError,
    accept,
    decline,
    withdraw,
)
from alignment.agreements.subjects import SUBJECTS
from alignment.forms.agreements import DeclineForm
from alignment.models import Agreement
from alignment.permissions import has_permission, is_principal_seat
from alignment.web.confirm import confirm_action
from alignment.web.requests import Request
from alignment.web.responses import back, refuse, require

WHY_NOT = "Only the CEO and the sales leader themselves agree on it."
CHANGED = "It was answered or proposed anew in the meantime. Nothing was changed; this is how it stands now."

FACTS_CHANGED = (
    "What it rests on was changed since it was proposed, so it was not agreed. Nothing was changed; read it as it "
    "is now and propose it anew."
)
OVER = "What it is about is over, so it stays as it was. Nothing was changed."


def sentence_of(error: AgreementChangedError) -> str:
    """Why nothing was done."""
    if isinstance(error, OverError):
        return OVER
    return FACTS_CHANGED if isinstance(error, FactsChangedError) else CHANGED


def get_agreement(request: Request, pk: int) -> Agreement:
    """One of the reader's teams. Raises 404, and 403 for whoever is neither the CEO nor the sales leader."""
    rows = Agreement.objects.visible_to(request.user).filter(subject__in=SUBJECTS)
    agreement = get_object_or_404(rows.select_related("team__company"), pk=pk)
    require(has_permission(request.user, agreement.team, is_principal_seat), WHY_NOT)
    return agreement


def _page_of(agreement: Agreement) -> str:
    return SUBJECTS[agreement.subject].address(agreement.team.slug, agreement.key)


def label_of(agreement: Agreement) -> str:
    return SUBJECTS[agreement.subject].label(agreement.key)


@require_POST
def agree(request: Request, pk: int) -> HttpResponse:
    agreement = get_agreement(request, pk)
    try:
        accept(agreement, by=request.user, now=timezone.now())
    except AgreementChangedError as error:
        return refuse(request, _page_of(agreement), sentence_of(error))
    return back(request, _page_of(agreement), message=f"Agreed: {label_of(agreement)}.")


@require_http_methods(["GET", "HEAD", "POST"])
def decline_proposal(request: Request, pk: int) -> HttpResponse:
    agreement = get_agreement(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)

    def step() -> str:
        try:
            decline(agreement, by=request.user, now=timezone.now(), why=form.cleaned_data["why"])
        except OverError:
            return OVER
        except AgreementChangedError:
            return "It was answered or proposed anew in the meantime. Nothing was changed."
        return ""

    return confirm_action(
        request,
        form,
        step=step,
        default=_page_of(agreement),
        message=f"Declined: {label_of(agreement)}. What was agreed before still holds.",
        heading=f"Decline: {label_of(agreement)}",
        about=SUBJECTS[agreement.subject].describe(agreement.content),
        button="Decline",
    )


@require_POST
def withdraw_proposal(request: Request, pk: int) -> HttpResponse:
    agreement = get_agreement(request, pk)
    try:
        withdraw(agreement, by=request.user, now=timezone.now())
    except AgreementChangedError as error:
        return refuse(request, _page_of(agreement), sentence_of(error))
    return back(request, _page_of(agreement), message=f"Withdrawn: {label_of(agreement)}.")
