"""Personal links of people without an account. The pages they open are those of the features, below /l/<id>/."""

from django.urls import URLPattern, URLResolver, path

from alignment.views import links

urlpatterns: list[URLPattern | URLResolver] = [
    path("l/<id:pk>/opened/", links.opened, name="link_opened"),
    path("l/<str:token>/", links.link, name="link"),
    path("links/", links.listing, name="links"),
    path("links/<id:pk>/renew/", links.renew, name="link_renew"),
    path("links/<id:pk>/revoke/", links.revoke, name="link_revoke"),
]
