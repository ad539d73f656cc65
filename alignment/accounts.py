"""How people get in: by e-mail and password, and never by signing themselves up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from alignment.models import Membership, Seat, User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class Backend(AuthenticationBackend):
    """Knows with the signed-in person whether they sit on a team and administer a company: no query more a page."""

    def get_user(self, user_id: int) -> User | None:
        mine = {"user": OuterRef("pk")}
        people = User.objects.annotate(  # type: ignore[no-redef]  # spares the properties of the same names their query
            seated=Exists(Seat.objects.current().filter(**mine)),
            administers=Exists(Membership.objects.filter(is_admin=True, **mine)),
        )
        user = people.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
