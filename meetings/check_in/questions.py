"""A question that a check-in proposed, put on the agenda: from then on it is an issue like any other, in the words of
whoever raised it. Nothing in the issue says where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from alignment.models import User
from alignment.web.create_once import create_once
from meetings.models import CheckIn, Issue, Section

TAP = "tap"
"""The key of the question about the one tap; the others are statements."""


def raise_question(check_in: CheckIn, key: str, text: str, *, by: User, now: datetime) -> Issue:
    """The same words sent twice are one issue."""
    team = check_in.meeting.team
    issue = Issue(
        team=team,
        token=_token(check_in, key, by),
        side=team.side_of(by),
        section=Section.ISSUES,
        title=text,
        created_by=by,
        created_at=now,
        changed_at=now,
    )
    return create_once(issue, text_fields=("title",))


def raised_by(user: User, check_in: CheckIn, keys: Iterable[str]) -> dict[str, Issue]:
    """The issues that this person made of the questions, by key. One query."""
    keys_by_token = {_token(check_in, key, user): key for key in keys}
    issues = Issue.objects.visible_to(user).filter(token__in=keys_by_token, created_by=user)
    return {keys_by_token[issue.token]: issue for issue in issues}


def _token(check_in: CheckIn, key: str, user: User) -> UUID:
    """Nobody without the installation’s secret can find out from it that an issue came of a check-in."""
    digest = salted_hmac("meetings.check_in.questions", f"{check_in.pk}:{user.pk}:{key}", algorithm="sha256")
    return UUID(bytes=digest.digest()[:16])
