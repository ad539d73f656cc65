"""Imports, and the address where a CRM sends its report."""

from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from deals.views import imports, upload_address

urlpatterns: list[URLPattern] = [
    path("imports/", imports.listing, name="imports"),
    path("imports/example/<slug:kind>/", imports.example_file, name="import_example"),
    path("imports/<id:pk>/", imports.show, name="import"),
    path("imports/<id:pk>/answers/", imports.answers, name="import_answers"),
    path("imports/<id:pk>/complete/", imports.complete, name="import_complete"),
    path("imports/<id:pk>/missing/", imports.missing, name="import_missing"),
    path("imports/<id:pk>/apply/", imports.apply, name="import_apply"),
    path("imports/<id:pk>/undo/", imports.undo, name="import_undo"),
    path("imports/<id:pk>/refused/", imports.refused, name="import_refused"),
    path("imports/<id:pk>/discard/", imports.discard, name="import_discard"),
    path("imports/address/<slug:slug>/", upload_address.manage, name="upload_address"),
    path("imports/address/<slug:slug>/remove/", upload_address.remove, name="upload_address_remove"),
    path("imports/upload/<str:token>/", upload_address.receive, name="upload"),
]
