from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from alignment.views import audit, company, first_run

HERE = "setup/<slug:company>"

urlpatterns: list[URLPattern] = [
    path("first/<str:token>/", first_run.first_run, name="first_run"),
    path(f"{HERE}/company/", company.company, name="company"),
    path(f"{HERE}/company/holidays/", company.add_holidays, name="holidays"),
    path(f"{HERE}/company/holidays/<id:pk>/remove/", company.remove_holiday, name="holiday_remove"),
    path(f"{HERE}/changes/", audit.audit, name="audit"),
    path(f"{HERE}/changes/export/", audit.export, name="audit_export"),
]
