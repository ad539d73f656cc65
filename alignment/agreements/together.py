"""A yes to several lines at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from alignment.agreements.answers import AgreementChangedError, accept
from alignment.models import Agreement, Team, User


@transaction.atomic
def accept_all(team: Team, pks: Sequence[int], *, by: User, now: datetime) -> int:
    """The missing yes to several lines at once: to all of them or to none.

    Raises AgreementChangedError when one of them was answered or proposed anew, and changes nothing.
    """
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    rows = Agreement.objects.filter(team=team, pk__in=pks).order_by("pk")
    lines = list(rows.select_related("team__company"))
    if len(lines) != len(set(pks)):
        raise AgreementChangedError
    for line in lines:
        accept(line, by=by, now=now)
    return len(lines)
