from django.urls import URLPattern, path

import alignment.converters  # noqa: F401 - registers “id”
from meetings.views import discipline

urlpatterns: list[URLPattern] = [
    path("meetings/<id:pk>/answer/", discipline.answer, name="miss_answer"),
    path("meetings/<id:pk>/correct/", discipline.correct, name="miss_correct"),
    path("flags/<id:pk>/acknowledge/", discipline.acknowledge, name="flag_acknowledge"),
]
