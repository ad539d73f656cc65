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

from alignment import first_run
from alignment.forms.company import NewCompanyForm
from alignment.models import User

ARGUMENTS = {"person": "--admin", "fiscal_year_start": "--fiscal-year-start"}
"""What a field of the form is called on the command line, where not by its own name."""


class Command(BaseCommand):
    help = (
        "Without arguments: print a link, good for one day and one company, that sets up an empty installation. "
        "With a name: make that company and its admin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("company", nargs="?", default="", help="name of the company to make")
        parser.add_argument(
            "--email", default="", help="of its admin; somebody known here already is taken as they are"
        )
        parser.add_argument("--admin", default="", dest="person", help="name of its admin")
        parser.add_argument("--currency", default="USD")
        parser.add_argument("--timezone", default="UTC", help="such as Europe/Paris")
        parser.add_argument("--fiscal-year-start", default="1", help="month, 1 to 12")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["company"]:
            return self.make(options)
        if not first_run.is_empty():
            raise CommandError(
                "This installation is set up already. To make another company, give its name, and its admin with "
                "--email and --admin."
            )
        self.stdout.write(first_run.in_words())
        return None

    @transaction.atomic
    def make(self, told: dict[str, Any]) -> None:
        known = User.objects.filter(email=told["email"].strip().lower()).first()
        form = NewCompanyForm(told | ({"person": known.name} if known else {}))
        if not form.is_valid():
            raise CommandError("\n".join(self.wrong(form)))
        what = form.beginning
        admin = known or User.objects.create_user(what.email, name=what.person, timezone=what.timezone)
        company = first_run.make_company(what, admin, now=timezone.now())
        self.stdout.write(f"{company.name} is made; {admin.name} is its admin.")
        if not admin.has_usable_password():
            self.stdout.write(f"They choose a password, within a day, at\n  {password_link(admin)}")

    def wrong(self, form: NewCompanyForm) -> list[str]:
        return [
            f"{ARGUMENTS.get(name, name if name == 'company' else f'--{name}')}: {' '.join(map(str, said))}"
            for name, said in form.errors.items()
        ]


def password_link(user: User) -> str:
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=key)
