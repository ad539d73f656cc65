"""The unsubscribe link in a mail, which works without signing in (RFC 8058)."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.urls import reverse

from alignment.models import Group, User

SALT = "alignment.unsubscribe"


def token_for(user: User, groups: Iterable[str]) -> str:
    """Signed, for this person and these groups; it does not expire, and does nothing else."""
    return signing.dumps([user.pk, sorted(set(groups))], salt=SALT, compress=False)


def read(token: str) -> tuple[int, list[str]] | None:
    """The person's pk and the groups; None when the token is not one of ours."""
    try:
        pk, groups = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return pk, [value for value, _ in Group.optional() if value in groups]


def headers(user: User, groups: Iterable[str]) -> dict[str, str]:
    """Of a mail of these groups; none where one may not be turned off."""
    groups = set(groups)
    if not groups or Group.ALWAYS in groups:
        return {}
    address = settings.BASE_URL + reverse("alignment:unsubscribe", args=(token_for(user, groups),))
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
