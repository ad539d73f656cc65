"""Dynamics 365: opportunities in three languages, accounts and contacts. A workbook's first columns are hidden: the
first of them is the id.
"""

from __future__ import annotations

from deals.crm_formats.crm_format import CrmFormat, marks
from deals.rules.stages import StageWords

_STAGES = StageWords(
    won=frozenset({"gewonnen", "gagnée"}),
    lost=frozenset({"verloren", "perdue"}),
    open=frozenset(
        {"open", "in progress", "on hold", "qualify", "develop", "propose", "close"}
        | {"1-qualify", "2-develop", "3-propose", "4-close"}
        | {"offen", "qualifizieren", "entwickeln", "ouverte", "ouvert"}
    ),
    left_out=frozenset({"error/duplicate"}),
)

FORMATS = (
    CrmFormat(
        key="dynamics-opportunities",
        name="Dynamics 365",
        source="dynamics",
        headers={
            "external_id": ("(do not modify) opportunity",),
            "name": ("topic",),
            "account": ("potential customer", "account"),
            "owner": ("owner",),
            "owner_email": ("owning user email",),
            "stage": (
                *("sales stage", "pipeline phase", "opportunity pipeline phase"),
                "process stage",
            ),
            "status": ("status",),
            "amount": ("est. revenue",),
            "won_amount": ("actual revenue",),
            "currency": ("currency",),
            "converted_amount": ("est. revenue (base)",),
            "expected_on": ("est. close date",),
            "close_date": ("close date",),
            "closed_on": ("actual close date",),
            "opened_on": ("created on",),
            "lead_source": ("source campaign",),
            "next_step_on": ("next step due date",),
            "forecast_category": ("forecast category",),
            "loss_reason": ("status reason", "opportunity status reason"),
        },
        marks=marks("(do not modify) opportunity", ("topic", "est. revenue"), ("topic", "est. close date")),
        stages=_STAGES,
    ),
    CrmFormat(
        key="dynamics-opportunities-de",
        name="Dynamics 365 in German",
        language="de",
        source="dynamics",
        locale="de-DE",
        headers={
            "external_id": ("(nicht ändern) verkaufschance",),
            "name": ("thema",),
            "account": ("potenzieller kunde", "firma"),
            "owner": ("besitzer", "eigentümer"),
            "stage": ("vertriebsphase", "pipelinephase"),
            "status": ("status",),
            "amount": ("gesch. umsatz",),
            "won_amount": ("tatsächlicher umsatz",),
            "currency": ("währung",),
            "converted_amount": ("gesch. umsatz (basis)",),
            "expected_on": ("gesch. abschlussdatum",),
            "closed_on": ("tatsächliches abschlussdatum",),
            "opened_on": ("erstellt am",),
            "forecast_category": ("prognosekategorie", "planungskategorie"),
            "loss_reason": ("statusgrund",),
        },
        marks=marks("(nicht ändern) verkaufschance", "gesch. umsatz", "gesch. abschlussdatum"),
        stages=_STAGES,
    ),
    CrmFormat(
        key="dynamics-opportunities-fr",
        name="Dynamics 365 in French",
        language="fr",
        source="dynamics",
        locale="fr-FR",
        headers={
            "external_id": ("(ne pas modifier) opportunité",),
            "name": ("nom de l'opportunité",),
            "account": ("compte client", "compte parent"),
            "owner": ("propriétaire",),
            "stage": ("étape de vente",),
            "status": ("statut",),
            "amount": ("chiffre d'affaires estimé",),
            "won_amount": ("chiffre d'affaires réel",),
            "currency": ("devise",),
            "converted_amount": ("chiffre d'affaires estimé (base)",),
            "expected_on": ("date de clôture estimée",),
            "closed_on": ("date de clôture réelle",),
            "opened_on": ("date de création", "créé le"),
            "lead_source": ("campagne source",),
            "forecast_category": ("catégorie de prévision",),
            "loss_reason": ("raison du statut",),
        },
        marks=marks("(ne pas modifier) opportunité", "chiffre d'affaires estimé"),
        stages=_STAGES,
    ),
    CrmFormat(
        key="dynamics-accounts",
        name="Dynamics 365",
        kind="accounts",
        source="dynamics",
        headers={
            "external_id": ("(do not modify) account",),
            "name": ("account name",),
            "status": ("relationship type",),
            "employees": ("number of employees",),
            "annual_revenue": ("annual revenue",),
            "currency": ("currency",),
            "owner": ("owner",),
        },
        marks=marks("(do not modify) account"),
    ),
    CrmFormat(
        key="dynamics-contacts",
        name="Dynamics 365",
        kind="contacts",
        source="dynamics",
        headers={
            "external_id": ("(do not modify) contact",),
            "name": ("full name",),
            "first_name": ("first name",),
            "last_name": ("last name",),
            "title": ("job title",),
            "role": ("role",),
            "email": ("email",),
            "account": ("company name", "account name"),
        },
        marks=marks("(do not modify) contact"),
    ),
)
