from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers “id”
from meetings.views import move_and_excuse, review, row_forms

urlpatterns: list[URLPattern] = [
    path("meetings/<id:pk>/", review.review, name="review"),
    path("meetings/<id:pk>/record/<id:number>/", review.record, name="record"),
    path("meetings/<id:pk>/forms/<slug:name>/<slug:about>/", row_forms.row_form, name="row_form"),
    path("meetings/<id:pk>/read/", review.mark_read, name="read"),
    path("meetings/<id:pk>/recap/", review.recap, name="recap"),
    path("meetings/<id:pk>/move/", move_and_excuse.move, name="move"),
    path("meetings/<id:pk>/excuse/", move_and_excuse.excuse, name="excuse"),
    path("meetings/<id:pk>/reopen/", move_and_excuse.reopen, name="reopen"),
]
