"""`manage.py archive_passphrase FILE`: what opens the words in an archive that an admin downloaded from here."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from alignment.archives.read import Refused, Sealed, opened
from alignment.archives.seal import own_passphrase
from alignment.audit import note
from alignment.models import Archive


class Command(BaseCommand):
    help = "Tell the passphrase of an archive that this installation made. Give it to whoever imports the archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with opened(options["file"]) as archive:
                key = UUID(archive.manifest.key)
                if not archive.manifest.is_sealed:
                    raise CommandError("The words in this archive are in clear: it needs no passphrase.")
                archive.unseal(own_passphrase(key))
        except Sealed as refusal:
            raise CommandError(
                "This installation did not make that archive, or its secret key is another one since, or it was sealed "
                "with a passphrase of somebody's own."
            ) from refusal
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        row = Archive.objects.filter(key=key).select_related("company").first()
        if row is not None:
            note("archive.opened", by=None, now=timezone.now(), company=row.company, about=row.file_name)
        self.stdout.write(own_passphrase(key))
