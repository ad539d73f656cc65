"""`manage.py forget_person EMAIL`: a person's data deleted on request, in every company they were in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from alignment import forgetting
from alignment.models import User


class Command(BaseCommand):
    help = (
        "Forget a person who holds no seat and administers no company: name, address and what is theirs alone go for good, "
        "what happened stays under a placeholder. Asks first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["email"].strip().lower()
        person = User.objects.filter(Q(email__iexact=address) | Q(invited_as__iexact=address)).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {address}.")
        if why := forgetting.refusal(person):
            raise CommandError(f"{why} Nothing was changed.")
        told = forgetting.told(person)
        self.stdout.write(
            f"{person.name}, {address}. Goes for good: the account, {', '.join(told.goes) or 'nothing else'}."
        )
        self.stdout.write(
            f"Stays, under “{forgetting.placeholder(person)}”: {', '.join(told.stays) or 'nothing'}."
        )
        if not options["yes"] and input("Type yes to forget this person: ").strip() != "yes":
            raise CommandError("Nothing was changed.")
        if why := forgetting.forget(person, by=None, now=timezone.now()):
            raise CommandError(f"{why} Nothing was changed.")
        self.stdout.write(
            "Forgotten. Backups and exports made before still hold them: delete those as your rules say."
        )
