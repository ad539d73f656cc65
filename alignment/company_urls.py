from django.urls import URLPattern, path

import alignment.converters  # noqa: F401 - registers <id:…>
from alignment.views import first_run

urlpatterns: list[URLPattern] = [
    path("first/<str:token>/", first_run.first_run, name="first_run"),
]
