"""Zoho: deals in three languages, also under modules that a company renamed, accounts and contacts."""

from __future__ import annotations

from deals.crm_formats.crm_format import CrmFormat, marks
from deals.rules.stages import StageWords

_STAGES = StageWords(
    won=frozenset({"abgeschlossen, gewonnen", "fermée gagnée"}),
    lost=frozenset({"closed lost to competition", "abgeschlossen, verloren", "fermée perdue"}),
    open=frozenset(
        {"qualification", "needs analysis", "value proposition", "identify decision makers"}
        | {"proposal/price quote", "negotiation/review"}
    ),
)

FORMATS = (
    CrmFormat(
        key="zoho-deals",
        name="Zoho",
        source="zoho",
        headers={
            "external_id": ("record id",),
            "name": ("deal name", "potential name"),
            "account": ("account name",),
            "account_id": ("account name.id",),
            "owner": ("deal owner", "potential owner"),
            "stage": ("stage",),
            "pipeline": ("pipeline",),
            "record_type": ("layout",),
            "amount": ("amount",),
            "currency": ("currency",),
            "close_date": ("closing date",),
            "opened_on": ("created time",),
            "deal_type": ("type",),
            "lead_source": ("lead source",),
            "next_step": ("next step",),
            "forecast_category": ("forecast category",),
            "loss_reason": ("reason for loss",),
        },
        marks=marks(("record id", "closing date"), "deal owner.id", "potential owner"),
        names_itself=True,
        stages=_STAGES,
    ),
    CrmFormat(
        key="zoho-deals-de",
        name="Zoho in German",
        language="de",
        source="zoho",
        headers={
            "external_id": ("datensatz-id",),
            "name": ("name des verkaufsabschlusses",),
            "account": ("kontoname", "firmenname"),
            "account_id": ("kontoname.id", "firmenname.id"),
            "owner": ("verkaufsabschluss-besitzer",),
            "stage": ("stufe", "phase"),
            "amount": ("betrag",),
            "currency": ("währung",),
            "close_date": ("abschlussdatum",),
            "opened_on": ("erstellungszeit",),
            "lead_source": ("lead-quelle",),
        },
        marks=marks("name des verkaufsabschlusses", "verkaufsabschluss-besitzer"),
        stages=_STAGES,
    ),
    CrmFormat(
        key="zoho-deals-fr",
        name="Zoho in French",
        language="fr",
        source="zoho",
        headers={
            "external_id": ("id d'enregistrement", "id de l'enregistrement"),
            "name": ("nom de l'affaire",),
            "account": ("nom du compte",),
            "account_id": ("nom du compte.id",),
            "owner": ("propriétaire de l'affaire", "propriétaire affaire"),
            "stage": ("étape",),
            "amount": ("montant",),
            "currency": ("devise",),
            "close_date": ("date de clôture",),
            "opened_on": ("heure de création",),
        },
        marks=marks("nom de l'affaire"),
        stages=_STAGES,
    ),
    CrmFormat(
        key="zoho-accounts",
        name="Zoho",
        kind="accounts",
        source="zoho",
        headers={
            "external_id": ("record id",),
            "name": ("account name",),
            "status": ("account type",),
            "employees": ("employees",),
            "annual_revenue": ("annual revenue",),
            "currency": ("currency",),
            "owner": ("account owner",),
        },
        marks=marks(("record id", "account owner"), "account owner.id"),
    ),
    CrmFormat(
        key="zoho-contacts",
        name="Zoho",
        kind="contacts",
        source="zoho",
        headers={
            "external_id": ("record id",),
            "first_name": ("first name",),
            "last_name": ("last name",),
            "title": ("title",),
            "email": ("email",),
            "account": ("account name",),
            "account_id": ("account name.id",),
        },
        marks=marks("contact owner.id", ("record id", "contact owner")),
    ),
)
