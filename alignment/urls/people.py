from django.urls import path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from alignment.views import invitation_link, people, person, profile

SETUP = "setup/<slug:company>/people/"
urlpatterns = [
    path(SETUP, people.listing, name="people"),
    path(f"{SETUP}invite/", people.invite, name="people_invite"),
    path(f"{SETUP}<id:pk>/", person.person, name="person"),
    path(f"{SETUP}<id:pk>/deactivate/", person.deactivate, name="person_deactivate"),
    path(f"{SETUP}<id:pk>/take-back/", person.take_back, name="person_take_back"),
    path(f"{SETUP}<id:pk>/overview/", person.give_overview, name="person_overview"),
    path(f"{SETUP}<id:pk>/overview/end/", person.end_overview, name="person_overview_end"),
    path(f"{SETUP}<id:pk>/password/", person.password, name="person_password"),
    path(f"{SETUP}<id:pk>/resend/", person.resend, name="person_resend"),
    path(f"{SETUP}<id:pk>/revoke/", person.revoke, name="person_revoke"),
    path("invitation/<str:token>/", invitation_link.invitation, name="invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/address/", profile.address, name="address"),
    path("profile/address/cancel/", profile.address_cancel, name="address_cancel"),
    path("profile/address/<str:token>/", profile.address_confirm, name="address_confirm"),
]
