from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers “id”
from meetings.views import misses

urlpatterns: list[URLPattern] = [
    path("meetings/<id:pk>/answer/", misses.respond, name="miss_answer"),
    path("meetings/<id:pk>/correct/", misses.correct, name="miss_correct"),
    path("flags/<id:pk>/acknowledge/", misses.acknowledge, name="flag_acknowledge"),
]
