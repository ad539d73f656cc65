"""The secret in the address of a link.

It is made from the site's key and the link's seed, so that a mail written hours later, or twice, has the same
address without the token being stored anywhere. The database holds its hash alone.
"""

from __future__ import annotations

import base64
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from alignment.models import Link
from alignment.models.links import hash_of

SALT = "alignment.link"


def token_of(seed: uuid.UUID) -> str:
    """43 signs."""
    digest = salted_hmac(SALT, str(seed), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def url_for(link: Link) -> str | None:
    """The address in the mail, on the host of the settings. None when the site's key was changed since, so that the
    link has to be renewed."""
    token = token_of(link.seed)
    if hash_of(token) != link.token_hash:
        return None
    return settings.BASE_URL + reverse("alignment:link", args=(token,))


def find_link(token: str) -> Link | None:
    """The link with this token, open or not; None when it is not one of ours, or was renewed since."""
    return Link.objects.select_related("asked_by").filter(token_hash=hash_of(token)).first()
