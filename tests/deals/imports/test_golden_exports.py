"""One small export of each CRM and language, with the headers and words of real ones: recognised and read as it is."""

from datetime import date

import pytest

from deals.imports.answers import UNANSWERED, Answers
from tests.deals.imports.engine import needed, table, understood, values

ISO = ("2026-03-01", "2026-12-18", "2026-04-02")
US, GERMAN, FRENCH = (
    ("3/1/2026", "12/18/2026", "4/2/2026"),
    ("01.03.2026", "18.12.2026", "02.04.2026"),
    ("01/03/2026", "18/12/2026", "02/04/2026"),
)


def three(headers, statuses, days, *, amounts=("1250.50", "2000", "300"), extra=((), (), ()), **written):
    """An export of three deals: `headers` for id, name, account, owner, status, amount and day, then others."""
    rows = [
        [f"00{number}", name, account, "Anna Keller", status, amount, day, *more]
        for number, (name, account, status, amount, day, more) in enumerate(
            zip(
                ("Plant two", "Rollout", "Pilot"),
                ("Brandt", "Orbis", "Castell"),
                statuses,
                amounts,
                days,
                extra,
                strict=True,
            ),
            start=1,
        )
    ]
    return table(headers, *rows, **written)


EXPORTS = {
    "salesforce-report": three(
        (
            "Opportunity ID",
            "Opportunity Name",
            "Account Name",
            "Opportunity Owner",
            "Stage",
            "Amount",
            "Close Date",
        ),
        ("Closed Won", "Negotiation/Review", "Closed Lost"),
        US,
        amounts=("1,250.50", "2,000.00", "300.00"),
        encoding="cp1252",
    ),
    "salesforce-report-de": three(
        (
            "Opportunity-ID",
            "Opportunity-Name",
            "Accountname",
            "Opportunity-Inhaber",
            "Phase",
            "Betrag",
            "Schlusstermin",
        ),
        ("Geschlossen und gewonnen", "Angebot", "Geschlossen und verloren"),
        GERMAN,
        amounts=("1.250,50", "2.000,00", "300,00"),
        delimiter=";",
        encoding="cp1252",
    ),
    "salesforce-report-fr": three(
        (
            *(
                "ID de l'opportunité",
                "Nom de l’opportunité",
                "Nom du compte",
                "Propriétaire de l'opportunité",
            ),
            *("Étape", "Montant", "Date de clôture"),
        ),
        ("Clôturé gagné", "Qualification", "Clôturé perdu"),
        FRENCH,
        amounts=("1\N{NARROW NO-BREAK SPACE}250,50", "2\N{NO-BREAK SPACE}000,00", "300,00"),
        delimiter=";",
    ),
    "salesforce-export": three(
        ("Id", "Name", "Account.Name", "Owner.Name", "StageName", "Amount", "CloseDate", "IsWon", "IsClosed"),
        ("Signed", "Proposal", "Gone"),
        tuple(f"{day} 00:00:00" for day in ISO),
        extra=(("1", "1"), ("0", "0"), ("0", "1")),
    ),
    "hubspot-deals": three(
        (
            "Record ID",
            "Deal Name",
            "Associated Company",
            "Deal owner",
            "Deal Stage",
            "Amount",
            "Close Date",
            "Pipeline",
        ),
        ("Closed Won (Sales Pipeline)", "Contract Sent", "closedlost"),
        tuple(f"{day} 09:15" for day in ISO),
        extra=(("Sales Pipeline",),) * 3,
    ),
    "hubspot-deals-de": three(
        (
            *("Datensatz-ID", "Deal-Name", "Zugehöriges Unternehmen", "Für Deal zuständiger Mitarbeiter"),
            *("Deal-Phase", "Betrag", "Abschlussdatum"),
        ),
        ("Abgeschlossen und gewonnen", "Angebot", "Abgeschlossen und verloren"),
        ISO,
    ),
    "hubspot-deals-fr": three(
        (
            *("ID de la fiche d'informations", "Nom de la transaction", "Entreprise associée"),
            *("Propriétaire de la transaction", "Étape de la transaction", "Montant", "Date de fermeture"),
        ),
        ("Fermé gagné", "Proposition", "Fermé perdu"),
        ISO,
    ),
    "pipedrive-deals": three(
        (
            *(
                "Deal - ID",
                "Deal - Title",
                "Deal - Organization",
                "Deal - Owner",
                "Deal - Status",
                "Deal - Value",
            ),
            *("Deal - Expected close date", "Deal - Won time", "Deal - Lost time", "Deal - Stage"),
        ),
        ("Won", "Open", "Lost"),
        ("2026-02-28", "2026-12-18", "2026-04-30"),
        extra=(
            ("2026-03-01 18:00:01", "", "Negotiations Started"),
            ("", "", "Whatever"),
            ("", "2026-04-02 08:00:00", "Demo"),
        ),
    ),
    "pipedrive-deals-de": three(
        (
            *(
                "Deal - ID",
                "Deal - Titel",
                "Deal - Organisation",
                "Deal - Besitzer",
                "Deal - Status",
                "Deal - Wert",
            ),
            *("Deal - Erwartetes Abschlussdatum", "Deal - Datum des gewonnenen Deals"),
            "Deal - Datum des verlorenen Deals",
        ),
        ("Gewonnen", "Offen", "Verloren"),
        ("2026-02-28", "2026-12-18", "2026-04-30"),
        extra=(("2026-03-01 18:00:01", ""), ("", ""), ("", "2026-04-02 08:00:00")),
    ),
    "pipedrive-deals-fr": three(
        (
            *("Affaire - ID", "Affaire - Titre", "Affaire - Organisation", "Affaire - Propriétaire"),
            *(
                "Affaire - Statut",
                "Affaire - Valeur",
                "Affaire - Date de clôture prévue",
                "Affaire - Date de gain",
            ),
            "Affaire - Heure de l'échec",
        ),
        ("Gagné", "open", "lost"),
        ("2026-02-28", "2026-12-18", "2026-04-30"),
        extra=(("2026-03-01 18:00:01", ""), ("", ""), ("", "2026-04-02 08:00:00")),
    ),
    "zoho-deals": three(
        (
            "Record Id",
            "Deal Name",
            "Account Name",
            "Deal Owner",
            "Stage",
            "Amount",
            "Closing Date",
            "Account Name.id",
        ),
        ("Closed Won", "Proposal/Price Quote", "Closed Lost to Competition"),
        ("Mar 1, 2026", "2026-12-18", "Apr 2, 2026"),
        amounts=("$1,250.50", "2000", "300"),
        extra=(("zcrm_1",), ("zcrm_2",), ("zcrm_3",)),
        encoding="utf-16",
    ),
    "zoho-deals-de": three(
        (
            *("Datensatz-ID", "Name des Verkaufsabschlusses", "Firmenname", "Verkaufsabschluss-Besitzer"),
            *("Stufe", "Betrag", "Abschlussdatum"),
        ),
        ("Abgeschlossen, gewonnen", "Qualifiziert", "Abgeschlossen, verloren"),
        ISO,
    ),
    "zoho-deals-fr": three(
        (
            *(
                "ID d'enregistrement",
                "Nom de l'affaire",
                "Nom du compte",
                "Propriétaire de l'affaire",
                "Étape",
            ),
            *("Montant", "Date de clôture"),
        ),
        ("Fermée gagnée", "Qualification", "Fermée perdue"),
        ISO,
    ),
    "dynamics-opportunities": three(
        (
            *(
                "(Do Not Modify) Opportunity",
                "Topic",
                "Potential Customer",
                "Owner",
                "Status",
                "Est. Revenue",
            ),
            *("Est. Close Date", "Actual Close Date", "Actual Revenue", "Sales Stage"),
        ),
        ("Won", "Open", "Lost"),
        ("2026-02-28", "2026-12-18", "2026-04-30"),
        amounts=("1400", "2000", "300"),
        extra=(("2026-03-01", "1250.50", "Close"), ("", "", "Close"), ("2026-04-02", "0", "Propose")),
    ),
    "dynamics-opportunities-de": three(
        (
            *(
                "(Nicht ändern) Verkaufschance",
                "Thema",
                "Potenzieller Kunde",
                "Besitzer",
                "Status",
                "Gesch. Umsatz",
            ),
            *("Gesch. Abschlussdatum", "Tatsächliches Abschlussdatum"),
        ),
        ("Gewonnen", "Offen", "Verloren"),
        ("28.02.2026", "18.12.2026", "30.04.2026"),
        amounts=("1.250,50", "2.000,00", "300,00"),
        extra=(("01.03.2026",), ("",), ("02.04.2026",)),
        delimiter=";",
    ),
    "dynamics-opportunities-fr": three(
        (
            *(
                "(Ne pas modifier) Opportunité",
                "Nom de l'opportunité",
                "Compte client",
                "Propriétaire",
                "Statut",
            ),
            *("Chiffre d'affaires estimé", "Date de clôture estimée", "Date de clôture réelle"),
        ),
        ("Gagnée", "Ouverte", "Perdue"),
        ("28/02/2026", "18/12/2026", "30/04/2026"),
        extra=(("01/03/2026",), ("",), ("02/04/2026",)),
    ),
    "odoo-technical": three(
        (
            *("id", "name", "partner_id", "user_id", "stage_id", "expected_revenue", "date_deadline"),
            *("date_closed", "active", "lost_reason_id"),
        ),
        ("Won", "Proposition", "Qualified"),
        ("2026-02-28", "2026-12-18", "2026-04-30"),
        extra=(
            ("2026-03-01 10:00:00", "True", ""),
            ("", "True", ""),
            ("2026-04-02", "False", "Too expensive"),
        ),
    ),
    "odoo-pipeline": three(
        (
            *("External ID", "Opportunity", "Customer", "Salesperson", "Stage", "Expected Revenue"),
            *("Expected Closing", "Closed Date", "Active", "Lost Reason"),
        ),
        ("Won", "Proposition", "Qualified"),
        ("2026-02-28", "2026-12-18", "2026-04-30"),
        extra=(
            ("2026-03-01 10:00:00", "True", ""),
            ("", "True", ""),
            ("2026-04-02", "False", "Too expensive"),
        ),
    ),
    "odoo-pipeline-de": three(
        (
            *("Externe ID", "Verkaufschance", "Kunde", "Verkäufer", "Stufe", "Erwarteter Umsatz"),
            *("Erwarteter Abschluss", "Abschlussdatum", "Aktiv", "Ablehnungsgrund"),
        ),
        ("Erfolgreich", "Umsatzprognose", "Neu"),
        ("2026-02-28", "2026-12-18", "2026-04-30"),
        extra=(("2026-03-01", "WAHR", ""), ("", "WAHR", ""), ("2026-04-02", "FALSCH", "Zu teuer")),
    ),
    "odoo-pipeline-fr": three(
        (
            *("ID externe", "Opportunité", "Client", "Vendeur", "Étape", "Revenu espéré"),
            *("Date de fermeture prévue", "Date de clôture", "Actif", "Motif de la perte"),
        ),
        ("Gagné", "Proposition", "Qualifié"),
        ("2026-02-28", "2026-12-18", "2026-04-30"),
        extra=(("2026-03-01", "VRAI", ""), ("", "VRAI", ""), ("2026-04-02", "FAUX", "Trop cher")),
    ),
    "close": three(
        (
            *("id", "note", "lead_name", "user_name", "status_type", "value", "date_created", "status_label"),
            *("date_won", "date_lost", "value_period"),
        ),
        ("won", "active", "lost"),
        ("2026-01-01", "2026-01-01", "2026-01-01"),
        amounts=("125050", "200000", "30000"),
        extra=(
            ("Signed", "2026-03-01", "", "one_time"),
            ("Talking", "", "", "one_time"),
            ("Gone", "", "2026-04-02", "monthly"),
        ),
    ),
    "freshsales": three(
        (
            *(
                "Id",
                "Deal name",
                "Account Name",
                "Sales owner",
                "Deal stage",
                "Deal value",
                "Expected close date",
            ),
            *("Closed date", "Deal pipeline"),
        ),
        ("Won", "Discovery", "Lost"),
        ("2026-02-28", "2026-12-18", "2026-04-30"),
        extra=(("2026-03-01", "Default"), ("", "Default"), ("2026-04-02", "Default")),
    ),
    "freshsales-webhook": three(
        (
            *("deal_id", "deal_name", "deal_sales_account_name", "deal_owner_name", "deal_deal_stage_name"),
            *("deal_amount", "deal_expected_close", "deal_closed_date"),
        ),
        ("Won", "Discovery", "Lost"),
        ("28-02-2026", "18-12-2026", "30-04-2026"),
        extra=(("01-03-2026",), ("",), ("02-04-2026",)),
    ),
    "sugarcrm": three(
        (
            "ID",
            "Opportunity Name",
            "Account Name",
            "Assigned to",
            "Sales Stage",
            "Opportunity Amount",
            "Date Closed",
        ),
        ("Closed Won", "Perception Analysis", "Closed Lost"),
        ISO,
    ),
    "vtiger": three(
        (
            *(
                "Potential Nr.",
                "Name der Verkaufschance",
                "Organisation",
                "Zuständig",
                "Verkaufsstufe",
                "Betrag",
            ),
            "Erwartetes Abschlussdatum",
        ),
        ("Closed Won", "Prospecting", "Closed Lost"),
        ISO,
    ),
    "copper": three(
        (
            "Copper ID",
            "Name",
            "Company",
            "Owned By",
            "Status",
            "Value",
            "Close Date",
            "Stage",
            "Converted Value",
        ),
        ("Won", "Open", "Lost"),
        ISO,
        extra=(("Proposal", "1250.50"), ("Contract", "2000"), ("First talk", "300")),
    ),
    "attio": three(
        (
            "Record ID",
            "Deal name",
            "Associated company",
            "Deal owner",
            "Deal stage",
            "Deal value",
            "Close date",
        ),
        ("Won 🎉", "In Progress", "Lost"),
        ISO,
    ),
    "twenty": three(
        ("Id", "Name", "Company / Name", "Owner", "Stage", "amount.amountMicros", "Close date"),
        ("CUSTOMER", "SCREENING", "Lost"),
        tuple(f"{day}T00:00:00Z" for day in ISO),
        amounts=("1250500000", "2000000000", "300000000"),
    ),
    "monday": three(
        ("Item ID (auto generated)", "Name", "Accounts", "Owner", "Stage", "Deal Value", "Close Date"),
        ("Won", "Discovery", "Lost"),
        ISO,
    ),
    "tryton": three(
        (
            "Nummer",
            "Beschreibung",
            "Partei",
            "Mitarbeiter",
            "Status",
            "Betrag",
            "Enddatum",
            "Umwandlungswahrscheinlichkeit",
        ),
        ("Gewonnen", "Converted", "Annulliert"),
        ("2026-03-01", "", "2026-04-02"),
        extra=(("100",), ("50",), ("0",)),
    ),
    "deals-en": three(
        ("Deal ID", "Opportunity", "Customer", "Rep", "Stage", "Value", "Close Date"),
        ("Won", "Proposal", "Lost"),
        ISO,
    ),
    "deals-de": three(
        ("Vorgangsnummer", "Projekt", "Kunde", "Betreuer", "Stand", "Auftragswert", "Abschluss"),
        ("Won", "Verhandlung", "Lost"),
        GERMAN,
        amounts=("1.250,50", "2.000,00", "300,00"),
        delimiter=";",
    ),
    "deals-fr": three(
        ("Identifiant", "Affaire", "Société", "Commercial", "Statut", "Montant HT", "Date de signature"),
        ("Won", "Proposition", "Lost"),
        FRENCH,
        amounts=("1 250,50", "2 000,00", "300,00"),
        delimiter=";",
    ),
}
ANSWERS = {
    "close": Answers(amount_unit="0.01"),
    "vtiger": Answers(won_when_expected="yes"),
}


@pytest.mark.parametrize("key", EXPORTS)
def test_an_export_is_recognised_and_leaves_nothing_that_must_be_asked(key):
    understanding = understood(EXPORTS[key], answers=ANSWERS.get(key, UNANSWERED))
    assert (understanding.format, needed(understanding)) == (key, [])


@pytest.mark.parametrize("key", EXPORTS)
def test_its_won_its_open_and_its_lost_deal_are_what_they_are_there(key):
    won, open_, lost = values(EXPORTS[key], answers=ANSWERS.get(key, UNANSWERED))
    assert (won.status, float(won.amount), won.close_date) == ("won", 1250.5, date(2026, 3, 1))
    assert (won.name, won.account, won.owner) == ("Plant two", "Brandt", "Anna Keller")
    assert (open_.status, open_.amount) == ("open", 2000)
    assert (lost.status, lost.amount, lost.name) == ("lost", 300, "Pilot")
    assert open_.close_date in (date(2026, 12, 18), None)
    if key not in ("vtiger",):
        assert lost.close_date == date(2026, 4, 2)


@pytest.mark.parametrize("key", ["close", "vtiger"])
def test_what_an_export_leaves_open_is_asked(key):
    assert needed(understood(EXPORTS[key])) == [{"close": "amount_unit", "vtiger": "won_when_expected"}[key]]


def test_a_status_that_a_crm_does_not_call_won_is_asked_about_there():
    headers = ("Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date")
    understanding = understood(table(headers, ("1", "A", "Gagné", "5", "2026-03-01")))
    (question,) = [question for question in understanding.questions if question.is_required]
    assert question.key == "stages:Gagné"
    assert question.sentence.endswith("Another CRM uses this name for won deals.")
    assert (question.rows[0].number, question.rows[0].cells[2]) == (2, "Gagné")


def test_a_duplicate_of_dynamics_is_no_deal():
    headers = (
        "(Do Not Modify) Opportunity",
        "Topic",
        "Status",
        "Status Reason",
        "Est. Revenue",
        "Est. Close Date",
    )
    content = table(
        headers,
        ("1", "A", "Lost", "Error/Duplicate", "5", "2026-03-01"),
        ("2", "B", "Open", "", "5", "2026-12-01"),
    )
    assert [deal.external_id for deal in values(content)] == ["2"]
