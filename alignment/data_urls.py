"""Addresses of a company's data: archives of it, and people forgotten."""

from django.urls import URLPattern, path

import alignment.converters  # noqa: F401 - registers <id:…>
from alignment.views import data

urlpatterns: list[URLPattern] = [
    path("setup/<slug:company>/data/", data.data, name="data"),
    path("setup/<slug:company>/data/archives/", data.archive_ask, name="archive_ask"),
    path("setup/<slug:company>/data/archives/<id:pk>/file/", data.archive_file, name="archive_file"),
    path("setup/<slug:company>/data/archives/<id:pk>/remove/", data.archive_remove, name="archive_remove"),
    path("setup/<slug:company>/data/people/<id:pk>/forget/", data.forget, name="forget"),
]
