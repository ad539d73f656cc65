from django.urls import URLPattern, URLResolver, include, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from deals.views import deals, revenue, revenue_import, risks

app_name = "deals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("deals/", deals.listing, name="list"),
    path("deals/new/", deals.new, name="new"),
    path("deals/<id:pk>/", deals.edit, name="edit"),
    path("deals/<id:pk>/pin/", deals.pin, name="pin"),
    path("deals/revenue/", revenue.listing, name="revenue"),
    path("deals/revenue/new/", revenue.new, name="revenue_new"),
    path("deals/revenue/paste/", revenue_import.paste, name="revenue_paste"),
    path("deals/revenue/<id:pk>/correct/", revenue.correct, name="revenue_correct"),
    path("", include("deals.urls.setup")),
    path("risks/", risks.listing, name="risks"),
    path("risks/new/", risks.new, name="risk_new"),
    path("risks/<id:pk>/", risks.edit, name="risk_edit"),
    path("risks/<id:pk>/close/", risks.close, name="risk_close"),
    path("risks/<id:pk>/reopen/", risks.reopen, name="risk_reopen"),
]
