from django.urls import URLPattern, path

import alignment.web.converters  # noqa: F401 - registers <id:…>
from meetings.views import commitments, congratulations, contact_notes, decisions, initiatives, issues

urlpatterns: list[URLPattern] = [
    path("deals/<id:pk>/congratulate/", congratulations.congratulate, name="congratulate"),
    path("teams/<slug:slug>/contacts/<id:pk>/", contact_notes.contact_note, name="contact_note"),
    path("commitments/", commitments.listing, name="commitments"),
    path("commitments/new/", commitments.new, name="commitment_new"),
    path("commitments/<id:pk>/", commitments.edit, name="commitment_edit"),
    path("commitments/<id:pk>/done/", commitments.done, name="commitment_done"),
    path("commitments/<id:pk>/brought/", commitments.brought, name="commitment_brought"),
    path("commitments/<id:pk>/accept/", commitments.accept, name="commitment_accept"),
    path("commitments/<id:pk>/drop/", commitments.drop, name="commitment_drop"),
    path("commitments/<id:pk>/reopen/", commitments.reopen, name="commitment_reopen"),
    path("decisions/new/", decisions.new, name="decision_new"),
    path("decisions/<id:pk>/", decisions.edit, name="decision_edit"),
    path("decisions/<id:pk>/delete/", decisions.delete, name="decision_delete"),
    path("initiatives/", initiatives.listing, name="initiatives"),
    path("initiatives/new/", initiatives.new, name="initiative_new"),
    path("initiatives/<id:pk>/", initiatives.edit, name="initiative_edit"),
    path("initiatives/<id:pk>/approval/", initiatives.decide, name="initiative_approval"),
    path("initiatives/<id:pk>/finish/", initiatives.finish_initiative, name="initiative_finish"),
    path("initiatives/<id:pk>/reopen/", initiatives.reopen, name="initiative_reopen"),
    path("issues/", issues.listing, name="issues"),
    path("issues/new/", issues.new, name="issue_new"),
    path("issues/<id:pk>/", issues.edit, name="issue_edit"),
    path("issues/<id:pk>/first/", issues.first, name="issue_first"),
    path("issues/<id:pk>/discuss/", issues.discuss, name="issue_discuss"),
    path("issues/<id:pk>/next-time/", issues.defer, name="issue_defer"),
    path("issues/<id:pk>/withdraw/", issues.withdraw, name="issue_withdraw"),
    path("issues/<id:pk>/solve/", issues.solve, name="issue_solve"),
    path("issues/<id:pk>/reopen/", issues.reopen, name="issue_reopen"),
]
