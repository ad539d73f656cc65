from django.urls import URLPattern, path

from meetings.views import home, team

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("meetings/", home.listing, name="list"),
    path("teams/<slug:slug>/", team.team_page, name="team"),
]
