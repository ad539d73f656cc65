from django.urls import URLPattern, path

import alignment.converters  # noqa: F401 - registers “id”
from meetings.views import changes, review

urlpatterns: list[URLPattern] = [
    path("meetings/<id:pk>/", review.review, name="review"),
    path("meetings/<id:pk>/record/<id:number>/", review.record, name="record"),
    path("meetings/<id:pk>/recap/", review.recap, name="recap"),
    path("meetings/<id:pk>/move/", changes.move, name="move"),
    path("meetings/<id:pk>/excuse/", changes.excuse, name="excuse"),
    path("meetings/<id:pk>/reopen/", changes.reopen, name="reopen"),
]
