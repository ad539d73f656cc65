"""`manage.py remove_second_factor EMAIL`: for somebody who lost it and whom no admin can help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from alignment.models import User
from alignment.sign_in import mfa


class Command(BaseCommand):
    help = "Remove a person's second factors and recovery codes, sign them out and notify them by email."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"No account has the address {email}.")
        gone = mfa.remove_all(person, by=None, now=timezone.now())
        if not gone:
            raise CommandError(f"{person} has no second factor; nothing was changed.")
        self.stdout.write(f"{person} now signs in with just the password and was notified by email.")
