"""A NUL in any field of any form: refused or left out, never stored, never a fault. PostgreSQL keeps none,
SQLite would.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from alignment.models import User
from tests.abuse.everywhere import every_form, rows_of_everything
from tests.cast import Cast

NUL = "a\0b"
As = Callable[[User], Client]


@pytest.mark.parametrize("role", ["leader", "admin"])
def test_no_field_takes_a_nul(role: str, cast: Cast, stage: dict[str, Any], as_: As) -> None:
    client = as_(getattr(cast, role))
    for form in every_form(client, stage):
        for name in sorted(form.names):
            with transaction.atomic():
                answer = client.post(form.action, {**form.fields, name: NUL})
                assert answer.status_code < 500, (form.action, name)
                if answer.status_code < 400:
                    stored = [
                        row for rows in rows_of_everything().values() for row in rows if "\\u0000" in row
                    ]
                    assert not stored, (form.action, name)
                transaction.set_rollback(True)
