"""Whether a meeting in progress has anything new to show;
each open page asks every second or two: one query.

The page carries a signed token of its reader, so that the answer needs neither session nor user.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

from alignment.models import User
from meetings.models import Meeting

VALID = timedelta(hours=24)
_signer = TimestampSigner(salt="meetings.pages.present_poll")


def token_for(user: User, meeting: Meeting) -> str:
    """Proof, for 24 hours, that this person was shown this meeting."""
    return _signer.sign(f"{user.pk}-{meeting.pk}")


def revision_of(meeting: Meeting) -> str:
    """The revisions of the meeting and of its team that a page shows."""
    return f"{meeting.revision}.{meeting.team.revision}"


def current_revision(meeting: int, token: str) -> str | None:
    """What `revision_of` would be now; None if the token is invalid or its user may not look any more.

    One query.
    """
    user = _user_of(token, meeting)
    if user is None:
        return None
    watched = Meeting.objects.filter(
        pk=meeting, team__seats__user=user, team__seats__until=None, team__seats__user__is_active=True
    )
    revisions = watched.order_by().values_list("revision", "team__revision").first()
    return None if revisions is None else "{}.{}".format(*revisions)


def _user_of(token: str, meeting: int) -> int | None:
    try:
        user, _, of = _signer.unsign(token, max_age=VALID).partition("-")
    except BadSignature:
        return None
    return int(user) if of == str(meeting) else None
