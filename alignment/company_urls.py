from django.urls import URLPattern, path

import alignment.converters  # noqa: F401 - registers <id:…>
from alignment.views import changes, company, first_run

HERE = "setup/<slug:company>"

urlpatterns: list[URLPattern] = [
    path("first/<str:token>/", first_run.first_run, name="first_run"),
    path(f"{HERE}/company/", company.company, name="company"),
    path(f"{HERE}/company/holidays/", company.add_holidays, name="holidays"),
    path(f"{HERE}/company/holidays/<id:pk>/remove/", company.remove_holiday, name="holiday_remove"),
    path(f"{HERE}/changes/", changes.audit, name="audit"),
    path(f"{HERE}/changes/export/", changes.export, name="audit_export"),
]
