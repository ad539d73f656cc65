"""Addresses of a company's data: archives of it, and people forgotten."""

from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from alignment.views import exports

urlpatterns: list[URLPattern] = [
    path("setup/<slug:company>/data/", exports.data, name="data"),
    path("setup/<slug:company>/data/archives/", exports.archive_new, name="archive_new"),
    path("setup/<slug:company>/data/archives/<id:pk>/file/", exports.archive_file, name="archive_file"),
    path("setup/<slug:company>/data/archives/<id:pk>/remove/", exports.archive_remove, name="archive_remove"),
    path("setup/<slug:company>/data/people/<id:pk>/forget/", exports.forget, name="forget"),
]
