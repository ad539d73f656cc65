"""People at accounts: added, edited, deleted for good."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from alignment.forms.layout import Question
from alignment.web.confirm import confirm_action
from alignment.web.edit import edit_view
from alignment.web.requests import Request
from alignment.web.responses import require
from deals.forms.contacts import ContactForm
from deals.models import Contact
from deals.views.accounts import WHY_NOT, visible_account


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, pk: int) -> HttpResponseBase:
    account = visible_account(request, pk)
    require(account.can_edit(request.user), WHY_NOT)
    data = request.POST if request.method == "POST" else None
    form = ContactForm(data, instance=Contact(account=account))
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:account", args=[pk]),
        message="Contact added.",
        heading="New contact",
        about=account.name,
        button="Add contact",
        label="Add a contact",
    )


def _contact(request: Request, pk: int) -> Contact:
    visible = Contact.objects.visible_to(request.user).select_related("account__company")
    contact = get_object_or_404(visible, pk=pk)
    require(contact.can_edit(request.user), WHY_NOT)
    return contact


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    contact = _contact(request, pk)
    form = ContactForm(request.POST if request.method == "POST" else None, instance=contact)
    return edit_view(
        request,
        form,
        save=form.write,
        default=reverse("deals:account", args=[contact.account_id]),
        message="Saved.",
        heading=f"Edit {contact}",
        about=contact.account.name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    """For good: personal data is not kept for an undo."""
    contact = _contact(request, pk)

    def step() -> str:
        contact.delete()
        return ""

    return confirm_action(
        request,
        Question(request.POST if request.method == "POST" else None),
        step=step,
        default=reverse("deals:account", args=[contact.account_id]),
        message="Contact deleted.",
        heading=f"Delete {contact}?",
        about=contact.account.name,
        note="Their details and what your teams wrote about them are deleted for good.",
        button="Delete",
        ends_something=True,
    )
