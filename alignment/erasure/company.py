"""A whole company deleted for good: its rows, its files, and the accounts of people who belong nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import RestrictedError

from alignment.erasure.erase import sessions_of
from alignment.erasure.files import delete_files
from alignment.erasure.identities import addresses_of
from alignment.erasure.mail_files import delete_mails
from alignment.erasure.mentions import Mentions
from alignment.exports import jobs
from alignment.exports.queries import belonging
from alignment.exports.schema import all_models, every, in_order, path_to
from alignment.models import Archive, Company, Entry, Notice, User
from alignment.outbox import file_backend


@dataclass(frozen=True)
class DeletedCompany:
    rows: int
    people: int
    """Accounts that went with it."""
    staying: int
    """People who belong to another company too, or run the site."""


@transaction.atomic
def delete_company(company: Company) -> DeletedCompany:
    """Raises IntegrityError, and changes nothing, when somebody adds something to it meanwhile."""
    company = Company.objects.select_for_update().get(pk=company.pk)
    files = [jobs.file_of(archive) for archive in Archive.objects.filter(company=company)]
    mails = set(Notice.objects.filter(company=company).exclude(goes_as="").values_list("goes_as", flat=True))
    people = list(belonging(company))
    delete_files(company)
    rows = delete_rows(company)
    gone = [person for person in people if not belongs_elsewhere(person)]
    addresses = {address for person in gone for address in addresses_of(person)}
    deleted = sum(map(delete_account, gone))
    connection.check_constraints()

    def delete_saved() -> None:
        for file in files:
            file.unlink(missing_ok=True)
        file_backend.delete(mails)
        delete_mails(Mentions(names=frozenset(), addresses=frozenset(addresses)))

    transaction.on_commit(delete_saved)
    return DeletedCompany(rows, deleted, len(people) - deleted)


def delete_rows(company: Company) -> int:
    """How many: of every model that leads to a company, those that refer to others first."""
    theirs = [model for model in all_models() if path_to(Company, model)]
    return sum(
        every(model).filter(**{str(path_to(Company, model)): company.pk})._raw_delete(connection.alias)  # noqa: SLF001
        for model in reversed(in_order(theirs))
    )


def belongs_elsewhere(person: User) -> bool:
    """Once the company's rows are gone."""
    return (
        person.is_staff
        or person.is_superuser
        or person.memberships.exists()
        or person.seats.exists()
        or person.invites.exists()
    )


def delete_account(person: User) -> bool:
    """False where something of another company still needs it."""
    sessions = sessions_of(person)
    try:
        with transaction.atomic():
            Entry.objects.filter(company=None, by=person).delete()
            person.delete()
            sessions.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True
