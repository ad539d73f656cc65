from django.urls import URLPattern, path

from meetings.views import calls, expectations, prepare, updates

urlpatterns: list[URLPattern] = [
    path("meetings/<id:pk>/prepare/", prepare.prepare, name="prepare"),
    path("meetings/<id:pk>/preview/", prepare.preview, name="preview"),
    path("meetings/<id:pk>/call/", calls.call, name="call"),
    path("meetings/<id:pk>/expectation/", expectations.expectation, name="expectation"),
    path("meetings/<id:pk>/submit/", prepare.submit, name="submit_preparation"),
    path("meetings/<id:pk>/update/", updates.save_update, name="update"),
    path("meetings/<id:pk>/note/", updates.save_note, name="note"),
    path("issues/raise/", prepare.raise_issue, name="raise"),
    path("commitments/<id:pk>/carry/", prepare.carry, name="commitment_carry"),
]
