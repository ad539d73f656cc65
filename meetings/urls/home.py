from django.urls import URLPattern, path

from meetings.views import history, home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("meetings/", home.listing, name="list"),
    path("teams/<slug:slug>/", history.team, name="team"),
]
