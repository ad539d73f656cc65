"""Odoo: its technical names, and the pipeline in three languages. It has no stage for lost deals: they keep theirs."""

from __future__ import annotations

from deals.crm_formats.crm_format import CrmFormat, marks
from deals.rules.stages import StageWords

_STAGES = StageWords(
    won=frozenset({"gewonnen", "erfolgreich", "gagné"}),
    lost=frozenset({"verloren", "perdu"}),
    open=frozenset(
        {"new", "qualified", "proposition", "neu", "qualifiziert", "umsatzprognose", "nouveau", "qualifié"}
        | {"pending"}
    ),
)

FORMATS = (
    CrmFormat(
        key="odoo-technical",
        name="Odoo, with technical names",
        source="odoo",
        headers={
            "external_id": ("id", "external id", ".id"),
            "name": ("name",),
            "account": ("partner id", "partner id/name"),
            "account_id": ("partner id/id",),
            "owner": ("user id", "user id/name"),
            "owner_email": ("user id/email",),
            "pipeline": ("team id",),
            "stage": ("stage id",),
            "status": ("won status",),
            "is_active": ("active",),
            "amount": ("expected revenue", "planned revenue"),
            "currency": ("company currency",),
            "expected_on": ("date deadline",),
            "closed_on": ("date closed",),
            "opened_on": ("create date",),
            "lead_source": ("source id",),
            "next_step": ("activity summary",),
            "next_step_on": ("activity date deadline",),
            "loss_reason": ("lost reason id",),
        },
        marks=marks("stage id"),
        stages=_STAGES,
    ),
    CrmFormat(
        key="odoo-pipeline",
        name="Odoo",
        source="odoo",
        headers={
            "external_id": ("external id", "id"),
            "name": ("opportunity",),
            "account": ("customer", "company name"),
            "owner": ("salesperson",),
            "owner_email": ("salesperson/email",),
            "pipeline": ("sales team",),
            "stage": ("stage",),
            "is_active": ("active",),
            "amount": ("expected revenue",),
            "currency": ("currency",),
            "expected_on": ("expected closing",),
            "closed_on": ("closed date",),
            "opened_on": ("created on", "create date"),
            "lead_source": ("source",),
            "next_step": ("next activity summary",),
            "next_step_on": ("next activity deadline",),
            "loss_reason": ("lost reason",),
        },
        marks=marks(("expected closing", "salesperson"), ("opportunity", "expected revenue")),
        stages=_STAGES,
    ),
    CrmFormat(
        key="odoo-pipeline-de",
        name="Odoo in German",
        language="de",
        source="odoo",
        headers={
            "external_id": ("externe id", "id"),
            "name": ("chance", "verkaufschance"),
            "account": ("kunde", "kundenname"),
            "owner": ("verkäufer",),
            "pipeline": ("vertriebskanal", "verkaufsteam"),
            "stage": ("stufe", "phase"),
            "is_active": ("aktiv",),
            "amount": ("erwarteter umsatz",),
            "currency": ("währung",),
            "expected_on": ("erwarteter abschluss", "erwartetes abschlussdatum"),
            "closed_on": ("abschlussdatum",),
            "opened_on": ("erstellt am",),
            "loss_reason": ("ablehnungsgrund", "ablehnugsgrund"),  # the second as Odoo 11 spells it
        },
        marks=marks(
            *(("chance", "verkäufer"), ("verkaufschance", "erwarteter umsatz")),
            *("verkaufsteam", "vertriebskanal", "ablehnugsgrund"),
        ),
        stages=_STAGES,
    ),
    CrmFormat(
        key="odoo-pipeline-fr",
        name="Odoo in French",
        language="fr",
        source="odoo",
        headers={
            "external_id": ("id externe", "id"),
            "name": ("opportunité",),
            "account": ("client", "nom du client"),
            "owner": ("vendeur",),
            "pipeline": ("équipe de vente", "equipe de vente", "équipe commerciale"),
            "stage": ("étape",),
            "is_active": ("actif", "active"),
            "amount": ("revenu espéré", "revenu attendu"),
            "currency": ("devise",),
            "expected_on": ("date de fermeture prévue", "clôture prévue"),
            "closed_on": ("date de clôture",),
            "opened_on": ("date de création",),
            "loss_reason": ("motif de la perte",),
        },
        marks=marks("revenu espéré", "revenu attendu", "equipe de vente"),
        stages=_STAGES,
    ),
)
