from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from meetings.views import check_in

urlpatterns: list[URLPattern] = [
    path("meetings/<id:pk>/check-in/", check_in.check_in, name="check_in"),
    path("meetings/<id:pk>/check-in/raise/", check_in.raise_issue, name="check_in_raise"),
    path("teams/<slug:slug>/check-in/", check_in.over_time, name="check_ins"),
]
