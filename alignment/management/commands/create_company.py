"""`manage.py create_company`: the link for the first company, or a company and its admin at once."""

from argparse import ArgumentParser
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alignment.company import creation
from alignment.forms.company import NewCompanyForm
from alignment.models import User

ARGUMENTS = {"person": "--admin", "fiscal_year_start": "--fiscal-year-start"}
"""What a field of the form is called on the command line, where not by its own name."""


class Command(BaseCommand):
    help = (
        "Without arguments: print a link to set up an empty installation; it works once, for one day. "
        "With a name: create that company and its admin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("company", nargs="?", default="", help="name of the company")
        parser.add_argument(
            "--email", default="", help="email of its admin; an existing account stays as it is"
        )
        parser.add_argument("--admin", default="", dest="person", help="name of its admin")
        parser.add_argument("--currency", default="USD")
        parser.add_argument("--timezone", default="UTC", help="for example Europe/Paris")
        parser.add_argument("--fiscal-year-start", default="1", help="month, 1 to 12")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["company"]:
            return self.make(options)
        if not creation.is_empty():
            raise CommandError(
                "This installation is already set up. To create another company, "
                "give its name, and its admin with "
                "--email and --admin."
            )
        self.stdout.write(creation.setup_instructions())
        return None

    @transaction.atomic
    def make(self, values: dict[str, Any]) -> None:
        known = User.objects.filter(email=values["email"].strip().lower()).first()
        form = NewCompanyForm(values | ({"person": known.name} if known else {}))
        if not form.is_valid():
            raise CommandError("\n".join(self.wrong(form)))
        what = form.new_company
        admin = known or User.objects.create_user(what.email, name=what.person, timezone=what.timezone)
        company = creation.create_company(what, admin, now=timezone.now())
        self.stdout.write(f"{company.name} was created; {admin.name} is its admin.")
        if not admin.has_usable_password():
            self.stdout.write(f"They can choose a password within a day at\n  {password_link(admin)}")

    def wrong(self, form: NewCompanyForm) -> list[str]:
        return [
            f"{ARGUMENTS.get(name, name if name == 'company' else f'--{name}')}: {' '.join(map(str, errors))}"
            for name, errors in form.errors.items()
        ]


def password_link(user: User) -> str:
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=key)
