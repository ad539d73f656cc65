"""How a line that was proposed is answered, whatever it is about."""

from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from alignment.views import agreements

urlpatterns: list[URLPattern] = [
    path("agreements/<id:pk>/agree/", agreements.agree, name="agreement_agree"),
    path("agreements/<id:pk>/decline/", agreements.decline_proposal, name="agreement_decline"),
    path("agreements/<id:pk>/withdraw/", agreements.withdraw_proposal, name="agreement_withdraw"),
]
