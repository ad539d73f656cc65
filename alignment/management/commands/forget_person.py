"""`manage.py forget_person EMAIL`: a person's data deleted on request, in every company they were in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from alignment.erasure import erase
from alignment.erasure.outsiders import Outsider, forget_outsider, outsiders_with
from alignment.management.question import ask
from alignment.models import User


class Command(BaseCommand):
    help = (
        "Permanently erase a person who is on no team and not an admin: their name, address and personal "
        "data are deleted; meetings and commitments are kept under a placeholder name. Asks for confirmation."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["email"].strip().lower()
        person = User.objects.filter(Q(email__iexact=address) | Q(invited_as__iexact=address)).first()
        outsiders = outsiders_with(address)
        if person is None and not outsiders:
            raise CommandError(f"No account, contact or rep has the address {address}.")
        for outsider in outsiders:
            self._forget_outsider(outsider, answered=options["yes"])
        if person is not None:
            self._forget(person, address, answered=options["yes"])

    def _forget_outsider(self, outsider: Outsider, *, answered: bool) -> None:
        where = f"{outsider.role}, {outsider.company}"
        self.stdout.write(f"{outsider.name}, {outsider.address}: {where}. Their name and address are erased.")
        ask("Erase this person?", answered=answered)
        forget_outsider(outsider, by=None, now=timezone.now())
        self.stdout.write(f"Erased: {where}.")

    def _forget(self, person: User, address: str, *, answered: bool) -> None:
        if why := erase.refusal(person):
            raise CommandError(f"{why} Nothing was changed.")
        preview = erase.preview_erasure(person)
        self.stdout.write(
            f"{person.name}, {address}. Erased permanently: the account, "
            f"{', '.join(preview.goes) or 'nothing else'}."
        )
        self.stdout.write(f"Kept, as “{erase.placeholder(person)}”: {', '.join(preview.stays) or 'nothing'}.")
        ask("Erase this person?", answered=answered)
        if why := erase.forget(person, by=None, now=timezone.now()):
            raise CommandError(f"{why} Nothing was changed.")
        self.stdout.write(
            "Erased. Older backups and exports still contain this person; delete those according to your policy."
        )
