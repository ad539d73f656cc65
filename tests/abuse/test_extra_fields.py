"""More fields than a form has: columns of every table, sent to every form, change nothing more than the form does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from alignment.models import User
from tests.abuse.everywhere import Form, every_form, ours, rows_of_everything
from tests.cast import Cast
from tests.factories import NOW

As = Callable[[User], Client]


#: Whose it is, who did it and when, how far it has come: no form lets anybody say that.
NEVER_ASKED = frozenset(
    {
        "id",
        "pk",
        "company",
        "team",
        "meeting",
        "user",
        "created_by",
        "created_at",
        "changed_at",
        "by",
        "at",
        "author",
        "side",
        "role",
        "state",
        "started_at",
        "closed_at",
        "submitted_at",
        "submitted_by",
        "done_at",
        "done_by",
        "planned_start",
        "starts_at",
        "outcome",
        "revision",
        "sequence",
        "is_admin",
        "is_staff",
        "is_superuser",
        "is_active",
        "password",
        "email",
        "slug",
        "last_login",
        "joined_at",
        "calendar_token",
        "second_factor_required",
        "sent_at",
        "failed_at",
        "attempts",
        "corrects",
        "invited_as",
        "ended_at",
        "since",
        "until",
        "raised_at",
        "cleared_at",
        "acknowledged_by",
        "groups",
        "user_permissions",
    }
)


def extra(form: Form, cast: Cast) -> dict[str, str]:
    """Each of those that the form does not have, with a value that would matter."""
    given = {
        "company": cast.away.company_id,
        "team": cast.away.pk,
        "user": cast.outsider.pk,
        "created_by": cast.outsider.pk,
        "role": "ceo",
        "side": "ceo",
        "state": "held",
        "slug": "taken",
        "email": "evil@demo.test",
        "at": "2020-01-01 00:00",
    }
    told = {name: str(given.get(name, 1)) for name in NEVER_ASKED}
    told |= {f"{name}_id": value for name, value in told.items()}
    return {name: value for name, value in told.items() if name not in form.names}


def test_the_list_names_columns_that_there_are() -> None:
    columns = {field.name for model in ours() for field in model._meta.get_fields()}
    assert not sorted(NEVER_ASKED - columns - {"pk"})


def after(client: Client, form: Form, more: dict[str, str]) -> tuple[int, dict[str, list[str]]]:
    """The world after the form was sent, which is then undone."""
    with transaction.atomic():
        answer = client.post(form.action, form.fields | more)
        rows = rows_of_everything()
        transaction.set_rollback(True)
    return answer.status_code, rows


@pytest.mark.parametrize("role", ["leader", "ceo", "admin"])
def test_they_change_nothing(
    role: str, cast: Cast, stage: dict[str, Any], as_: As, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    client = as_(getattr(cast, role))
    forms = every_form(client, stage)
    refusals = 0
    for form in forms:
        plain, attacked = after(client, form, {}), after(client, form, extra(form, cast))
        # An address reads some of these names too: one that names nothing there is refused, and changes nothing.
        refused = plain[0] < 400 <= attacked[0] < 500
        refusals += refused
        wanted = rows_of_everything() if refused else plain[1]
        for label, rows in wanted.items():
            assert attacked[1][label] == rows, (form.action, label)
    assert len(forms) > 10
    assert refusals < len(forms) / 4
