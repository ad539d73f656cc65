"""What of deals may be opened through a personal link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alignment.links.kinds import LinkKind, register_link_kind
from deals.models import FollowUp

KEY_CLIENT = "client"


def key_clients_there(things: Iterable[int]) -> Mapping[int, str]:
    """Those still on their team's list, by the account's name."""
    rows = FollowUp.objects.current().filter(pk__in=set(things))
    return dict(rows.values_list("pk", "account__name"))


register_link_kind(
    LinkKind(
        name=KEY_CLIENT,
        label="What a key client says",
        url_name="deals:client_answer",
        titles_of=key_clients_there,
    )
)
