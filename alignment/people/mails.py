"""The invitation to a company, written at delivery, so that no sign-in link is stored in the database."""

from __future__ import annotations

from django.utils import timezone

from alignment.models import Invite, Notice
from alignment.outbox.messages import Message
from alignment.outbox.notice_kinds import notice_type
from alignment.people import invitation_links
from alignment.sign_in.mails import NO_MONEY


@notice_type("invite", label="Invitation to a company", waits=False, joins=True, sealed=True)
def invite(notice: Notice) -> Message | None:
    invites = Invite.objects.open().select_related("company", "invited_by")
    row = invites.filter(pk=notice.payload["invite"], version=notice.payload["version"]).first()
    if row is None or row.has_expired(timezone.now()):
        return None
    context = {
        "company": row.company,
        "by": row.invited_by,
        "expires": row.expires_at,
        "url": invitation_links.url_for(row),
    }
    return Message("invite", notice.to, NO_MONEY, context, alone=True)
