"""One rule for an email address, wherever one is typed, pasted, given to a command or handed to the mail server."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command

from alignment.forms.company import FirstRunForm, NewCompanyForm
from alignment.forms.fields import AddressField
from alignment.forms.people import AddressForm, PersonForm
from alignment.models import Company
from alignment.outbox.smtp import NO_ADDRESS, MailConnection, RecipientRejected

UNFIT = (
    "joe@[127.0.0.1]",
    "j" * 65 + "@x.test",
    "joe@127.0.0.10",
    "joe@localhost",
    "joe",
    "joe@x..test",
    "a\0@x.test",
)
FORMS = (FirstRunForm, NewCompanyForm, AddressForm, PersonForm)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", UNFIT)
def test_no_form_takes_an_address_that_cannot_be_reached(form: Any, address: str) -> None:
    field = form.base_fields["email"]
    assert isinstance(field, AddressField)
    with pytest.raises(forms.ValidationError):
        field.clean(address)
    assert field.clean(" Joe@X.test ") == "joe@x.test"


@pytest.mark.django_db
@pytest.mark.parametrize("address", UNFIT[:4])
def test_nor_does_a_command(address: str) -> None:
    with pytest.raises(CommandError, match="not a valid email address"):
        call_command("create_company", "Brandt", "--email", address, "--admin", "Ada")
    assert not Company.objects.exists()


@pytest.mark.parametrize("address", UNFIT[:4])
def test_nor_is_a_mail_handed_over_to_one(address: str) -> None:
    mail = EmailMultiAlternatives("Week", "Words", "a@example.com", [address])
    with MailConnection() as connection, pytest.raises(RecipientRejected, match=NO_ADDRESS):
        connection.send(mail)
