"""`manage.py import_company FILE`: a company from another installation, whole or not at all."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from alignment.archives.passphrases import read_passphrase
from alignment.archives.put_in import PutIn, put_in
from alignment.archives.read import Opened, Refused, Sealed, opened
from alignment.archives.seal import own_passphrase
from meetings.arriving import take_over
from meetings.invariants import broken


class Command(BaseCommand):
    help = (
        "Put a company from an archive (of the Data page, or of export_company) into this installation. People who have "
        "an account here join with it; others get one without a password. All of it is put in, or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--passphrase-file", metavar="FILE", help="what opens the words; - reads it from the terminal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with opened(options["file"]) as archive:
                unseal(archive, read_passphrase(options["passphrase_file"]))
                total = sum(archive.manifest.rows.values())
                with tqdm(total=total, unit=" rows", disable=options["verbosity"] < 1) as bar:
                    done = self.put(archive, bar)
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from refusal
        self.say(done)

    @transaction.atomic
    def put(self, archive: Opened, bar: Any) -> PutIn:
        now = timezone.now()
        done = put_in(archive, now=now, step=bar.update)
        take_over(done.company, now)
        return done

    def say(self, done: PutIn) -> None:
        self.stdout.write(
            f"{done.company} is here as {done.company.slug}: {done.rows} rows, {done.new_people} new people without a "
            f"password, {len(done.joined)} who had an account here."
        )
        if done.joined:
            self.stdout.write("They join with the account they have: " + ", ".join(sorted(done.joined)[:20]))
        self.stdout.write(
            "New people choose a password with the reset on the sign-in page. "
            "Second factors, passkeys and calendar addresses are set up anew."
        )
        for sentence in broken(timezone.now()):
            self.stdout.write(f"check_data says: {sentence}")


def unseal(archive: Opened, passphrase: str) -> None:
    """Open the words with the passphrase, or with the one this installation would have chosen. Raises Refused."""
    if not archive.manifest.is_sealed:
        return
    try:
        archive.unseal(passphrase or own_passphrase(UUID(archive.manifest.key)))
    except Sealed as refusal:
        if passphrase:
            raise
        raise Sealed(
            "The words in the archive are sealed. Ask whoever runs the installation it comes from for its passphrase "
            "(manage.py archive_passphrase FILE) and give it with --passphrase-file."
        ) from refusal
