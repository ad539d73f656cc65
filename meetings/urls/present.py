from django.urls import URLPattern, path

import alignment.converters  # noqa: F401 - registers <id:…>
from meetings.views import present, running

urlpatterns: list[URLPattern] = [
    path("meetings/<id:pk>/start/", running.start, name="start"),
    path("meetings/<id:pk>/present/", present.present, name="present"),
    path("meetings/<id:pk>/present/stage/", present.stage, name="stage"),
    path("meetings/<id:pk>/poll/<str:token>/", present.poll, name="poll"),
    path("meetings/<id:pk>/section/", running.section, name="section"),
    path("meetings/<id:pk>/clock/", running.clock, name="clock"),
    path("meetings/<id:pk>/attend/", running.attend, name="attend"),
    path("meetings/<id:pk>/rate/", running.rate, name="rate"),
    path("meetings/<id:pk>/close/", running.close, name="close"),
]
