"""Files beside the database that hold what people of a company wrote: other apps say where theirs are."""

from __future__ import annotations

from collections.abc import Callable

from alignment.models import Company

DeleteFiles = Callable[[Company], None]
_FILES: list[DeleteFiles] = []


def register_files(delete: DeleteFiles) -> None:
    """`delete(company)` deletes its files once the transaction is committed: when somebody in them is erased, or the
    company is.
    """
    if delete not in _FILES:
        _FILES.append(delete)


def delete_files(company: Company) -> None:
    for delete in _FILES:
        delete(company)
