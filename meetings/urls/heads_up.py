from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from meetings.views import feedback_talk, heads_up

urlpatterns: list[URLPattern] = [
    path("teams/<slug:slug>/heads-ups/", heads_up.heads_ups, name="heads_ups"),
    path("heads-ups/<id:pk>/agree/", heads_up.agree_to_heads_up, name="heads_up_agree"),
    path("heads-ups/<id:pk>/talk/", heads_up.talk_about_heads_up, name="heads_up_talk"),
    path("heads-ups/<id:pk>/withdraw/", heads_up.withdraw_heads_up, name="heads_up_withdraw"),
    path("teams/<slug:slug>/where-you-stand/", feedback_talk.feedback_talk, name="feedback_talk"),
    path(
        "teams/<slug:slug>/where-you-stand/not-yet/", feedback_talk.feedback_not_yet, name="feedback_not_yet"
    ),
    path("teams/<slug:slug>/where-you-stand/note/", feedback_talk.feedback_note, name="feedback_note"),
]
