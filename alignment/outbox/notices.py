"""Which notices went where."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from alignment.models import Notice
from alignment.models.notices import Via

ADDRESSES = 20


def dead_addresses(notices: QuerySet[Notice]) -> list[Notice]:
    """The last refusal of each address that has taken no mail since."""
    later = Notice.objects.filter(to=OuterRef("to"), via=Via.MAIL, link=None)
    rejected = (
        notices.filter(refused=True, link=None)  # of a link's address its sender is told
        .exclude(kind="new_address")
        .exclude(  # that one went to another address
            Exists(later.filter(sent_at__gt=OuterRef("failed_at")))
            | Exists(later.filter(refused=True, failed_at__gt=OuterRef("failed_at")))
        )
    )
    latest = {notice.to_id: notice for notice in rejected.select_related("to").order_by("-pk")[:200]}
    return list(latest.values())[:ADDRESSES]
