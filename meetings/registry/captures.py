"""Issues and commitments made by one tap from a page of deals."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from alignment.models import Team, User
from deals.registry.captures import CaptureKind, register_capture
from meetings.models import Commitment, Issue


def raised_issues(team: Team, reader: User, tokens: Collection[UUID]) -> set[UUID]:
    return set(
        Issue.objects.visible_to(reader).filter(team=team, token__in=tokens).values_list("token", flat=True)
    )


def made_commitments(team: Team, reader: User, tokens: Collection[UUID]) -> set[UUID]:
    rows = Commitment.objects.visible_to(reader).filter(team=team, token__in=tokens)
    return set(rows.values_list("token", flat=True))


register_capture(
    CaptureKind(
        name="issue",
        button="Raise as issue",
        done="Raised as an issue",
        url_name="meetings:issue_new",
        field="title",
        longest=200,
        existing=raised_issues,
    )
)
register_capture(
    CaptureKind(
        name="commitment",
        button="Make a commitment",
        done="Commitment made",
        url_name="meetings:commitment_new",
        field="text",
        longest=300,
        existing=made_commitments,
    )
)
