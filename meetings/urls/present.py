from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from meetings.views import present, running_meeting

urlpatterns: list[URLPattern] = [
    path("meetings/<id:pk>/start/", running_meeting.start, name="start"),
    path("meetings/<id:pk>/present/", present.present, name="present"),
    path("meetings/<id:pk>/present/stage/", present.stage, name="stage"),
    path("meetings/<id:pk>/poll/<str:token>/", present.poll, name="poll"),
    path("meetings/<id:pk>/section/", running_meeting.section, name="section"),
    path("meetings/<id:pk>/timer/", running_meeting.timer, name="timer"),
    path("meetings/<id:pk>/attend/", running_meeting.attend, name="attend"),
    path("meetings/<id:pk>/rate/", running_meeting.rate, name="rate"),
    path("meetings/<id:pk>/close/", running_meeting.close, name="close"),
    path("meetings/<id:pk>/undo-end/", running_meeting.undo_end, name="undo_end"),
    path("meetings/<id:pk>/ended/", present.ended, name="ended"),
]
