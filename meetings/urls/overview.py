from django.urls import URLPattern, path

from meetings.views import overview

urlpatterns: list[URLPattern] = [
    path("overview/", overview.overview, name="overview"),
    path("overview/overview.csv", overview.overview_file, name="overview_file"),
]
