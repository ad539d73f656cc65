"""What of meetings the CEO and the sales leader agree on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from alignment.agreements.subjects import AgreementSubject, register
from meetings.agreement.subjects import SUBJECTS_OF_QUARTER
from meetings.models.approvals import PLAN_NUMBER, SUBJECT


def plan_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    return ("The plan was changed since.",) if before.get(PLAN_NUMBER) != now.get(PLAN_NUMBER) else ()


register(
    AgreementSubject(
        name=SUBJECT,
        label=lambda key: "Plan of an initiative",
        describe=lambda content: str(content.get("title", "")),
        address=lambda slug, key: reverse("meetings:initiatives"),
        changes=plan_changes,
        is_about_item=True,
    )
)
for subject in SUBJECTS_OF_QUARTER:
    register(subject)
