"""HubSpot: deals in three languages, companies and contacts."""

from __future__ import annotations

from deals.crm_formats.crm_format import CrmFormat, marks
from deals.rules.stages import StageWords

_STAGES = StageWords(
    won=frozenset({"closedwon", "abgeschlossen und gewonnen", "fermé gagné"}),
    lost=frozenset({"closedlost", "abgeschlossen und verloren", "fermé perdu"}),
    open=frozenset(
        {"appointment scheduled", "qualified to buy", "presentation scheduled", "decision maker bought-in"}
        | {"contract sent", "appointmentscheduled", "qualifiedtobuy", "presentationscheduled"}
        | {"decisionmakerboughtin", "contractsent"}
    ),
)

FORMATS = (
    CrmFormat(
        key="hubspot-deals",
        name="HubSpot",
        source="hubspot",
        headers={
            "external_id": ("record id", "deal id"),
            "name": ("deal name",),
            "account": ("associated company", "associated company (primary)"),
            "account_id": ("associated company ids", "associated company ids (primary)"),
            "owner": ("deal owner",),
            "stage": ("deal stage",),
            "pipeline": ("pipeline",),
            "amount": ("amount",),
            "currency": ("currency",),
            "converted_amount": ("amount in company currency",),
            "close_date": ("close date",),
            "opened_on": ("create date", "hubspot create date"),
            "is_won": ("is closed won", "closed won count"),
            "is_lost": ("is closed lost",),
            "is_closed": ("is deal closed?",),
            "deal_type": ("deal type",),
            "lead_source": ("original source type", "deal source"),
            "next_step": ("next step",),
            "next_step_on": ("next activity date",),
            "forecast_category": ("forecast category",),
            "loss_reason": ("closed lost reason",),
            "contract_end": ("contract end date",),
            "product": ("associated product", "products"),
        },
        marks=marks(("record id", "deal name"), "amount in company currency", "is deal closed?"),
        stages=_STAGES,
    ),
    CrmFormat(
        key="hubspot-deals-de",
        name="HubSpot in German",
        language="de",
        source="hubspot",
        headers={
            "external_id": ("datensatz-id",),
            "name": ("deal-name", "dealname"),
            "account": ("zugehöriges unternehmen",),
            "owner": ("für deal zuständiger mitarbeiter",),
            "stage": ("deal-phase", "dealphase", "phase"),
            "pipeline": ("pipeline",),
            "amount": ("betrag",),
            "currency": ("währung",),
            "converted_amount": ("betrag in firmenwährung",),
            "close_date": ("abschlussdatum",),
            "opened_on": ("erstellungsdatum", "erstelldatum"),
            "deal_type": ("deal-typ",),
            "next_step": ("nächster schritt",),
            "forecast_category": ("prognosekategorie",),
            "loss_reason": ("grund für verlorenen deal",),
        },
        marks=marks(
            *("betrag in firmenwährung", "für deal zuständiger mitarbeiter"),
            *(("datensatz-id", "deal-name"), ("datensatz-id", "dealname")),
        ),
        stages=_STAGES,
    ),
    CrmFormat(
        key="hubspot-deals-fr",
        name="HubSpot in French",
        language="fr",
        source="hubspot",
        headers={
            "external_id": ("id de la fiche d'informations", "id de fiche d'informations"),
            "name": ("nom de la transaction",),
            "account": ("entreprise associée",),
            "owner": ("propriétaire de la transaction",),
            "stage": ("phase de la transaction", "étape de la transaction"),
            "pipeline": ("pipeline",),
            "amount": ("montant",),
            "currency": ("devise",),
            "converted_amount": ("montant dans la devise de l'entreprise",),
            "close_date": ("date de fermeture",),
            "opened_on": ("date de création",),
            "deal_type": ("type de transaction",),
        },
        marks=marks("nom de la transaction"),
        stages=_STAGES,
    ),
    CrmFormat(
        key="hubspot-companies",
        name="HubSpot",
        kind="accounts",
        source="hubspot",
        headers={
            "external_id": ("record id",),
            "name": ("company name",),
            "status": ("lifecycle stage",),
            "employees": ("number of employees",),
            "annual_revenue": ("annual revenue",),
            "owner": ("company owner",),
        },
        marks=marks(("record id", "company name"), "company owner"),
    ),
    CrmFormat(
        key="hubspot-contacts",
        name="HubSpot",
        kind="contacts",
        source="hubspot",
        headers={
            "external_id": ("record id",),
            "first_name": ("first name",),
            "last_name": ("last name",),
            "title": ("job title",),
            "role": ("buying role",),
            "email": ("email",),
            "account": ("associated company", "associated company (primary)", "company name"),
            "account_id": ("associated company ids", "associated company ids (primary)"),
        },
        marks=marks(("record id", "first name", "last name")),
    ),
)
