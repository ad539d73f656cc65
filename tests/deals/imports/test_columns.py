"""Which CRM, which column: known exports, and questions that name the columns."""

import json
from pathlib import Path

import pytest

from deals.crm_formats import FORMATS
from deals.imports.answers import UNANSWERED, Answers
from deals.imports.columns import normalize, recognise
from deals.tables.csv_reader import TableError
from deals.tables.files import read_file

EXPORTS = {
    "Maven's sample pipeline": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
    "Salesforce": "Opportunity ID,Opportunity Name,Account Name,Opportunity Owner,Stage,Amount Currency,Amount,Close Date,Created Date",
    "Salesforce in German": "Opportunity-ID;Opportunity-Name;Opportunity-Inhaber;Accountname;Phase;Schlusstermin;Opportunity-Betrag",
    "Salesforce's data export": "Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,OwnerId,CreatedDate",
    "HubSpot": "Record ID,Deal Name,Last Activity Date,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Associated Company",
    "Pipedrive": "Deal - ID,Deal - Title,Deal - Owner,Deal - Value,Deal - Stage,Deal - Status,Deal - Expected close date,Deal - Won time",
    "Zoho": "Record Id,Deal Name,Account Name,Account Name.id,Stage,Closing Date,Amount,Deal Owner",
    "a plain table of deals": "id,name,customer,owner,stage,value,close date",
}


def layout_of(text, answers=UNANSWERED):
    return recognise(read_file(text.encode()).lines, kind="deals", answers=answers)


@pytest.mark.parametrize("source", EXPORTS)
def test_an_export_is_recognised_by_its_headers(source):
    assert layout_of(EXPORTS[source]).format.name == source


def test_headers_are_found_below_a_title():
    layout = layout_of("Pipeline report,,\nas of 1 May 2026,,\n\n" + EXPORTS["HubSpot"])
    assert (layout.format.name, layout.header.number) == ("HubSpot", 4)


def test_somebody_may_say_which_row_holds_the_headers():
    text = "Name,Owner,Stage\nNr,Wer,Was\n1,Anna,Plant"
    assert layout_of(text).header.number == 1
    assert layout_of(text, Answers(header_row="2")).header.cells == ("Nr", "Wer", "Was")
    assert layout_of(text, Answers(header_row="99")).header.number == 1


def test_a_column_that_is_not_used_is_named():
    assert layout_of(EXPORTS["HubSpot"]).unused == ["Last Activity Date"]


def test_a_missing_column_leaves_the_crm_known():
    layout = layout_of(EXPORTS["Salesforce"].replace("Close Date,", ""))
    assert (layout.format.name, layout.missing) == (
        "Salesforce",
        [("close_date", "expected_on", "won_on", "closed_on")],
    )


def test_a_table_of_something_else_has_no_format():
    layout = layout_of("colour,sector,year_established,wingspan")
    assert (layout.format.key, layout.columns) == ("other", {})


def test_two_columns_for_one_thing_are_not_chosen_between():
    layout = layout_of(EXPORTS["HubSpot"] + ",Deal Owner")
    assert (layout.doubles, "owner" in layout.columns) == ({"owner": (5, 9)}, False)


def test_what_somebody_said_comes_first():
    headers = EXPORTS["HubSpot"] + ",Deal Owner"
    layout = layout_of(headers, Answers(columns={"Deal Owner": "owner", "Pipeline": "-"}))
    assert (layout.doubles, layout.columns["owner"], "pipeline" in layout.columns) == ({}, 9, False)


def test_two_columns_that_somebody_named_the_same_are_asked_about():
    layout = layout_of(EXPORTS["HubSpot"], Answers(columns={"Pipeline": "owner", "Deal owner": "owner"}))
    assert (layout.doubles, "owner" in layout.columns) == ({"owner": (5, 7)}, False)


def test_a_format_that_somebody_named_needs_no_proof():
    headers = "Name,Stage,Amount,Closing Date"
    assert layout_of(headers, Answers(format="zoho-deals")).format.name == "Zoho"
    assert layout_of(headers).format.name == "a plain table of deals"


def test_a_status_is_needed_where_the_stage_does_not_say_how_a_deal_ended():
    layout = layout_of("Deal - ID,Deal - Title,Deal - Stage,Deal - Value,Deal - Won time")
    assert layout.missing == [("status",)]


def test_a_module_that_was_renamed_names_the_deal_and_its_owner():
    layout = layout_of(
        "Record Id,Students Pipeline Owner.id,Students Pipeline Owner,Students Pipeline Name,Stage,Amount,Closing Date"
    )
    assert (layout.format.name, layout.columns["name"], layout.columns["owner"]) == ("Zoho", 3, 2)


@pytest.mark.parametrize("words", ["Row Labels,Sum of Amount", "Zeilenbeschriftungen,Summe von Betrag"])
def test_a_pivot_table_is_refused_as_what_it_is(words):
    with pytest.raises(TableError, match="This is a pivot table"):
        layout_of(f"{words}\nNorth,500")


def test_months_as_headers_are_refused_as_a_pivot_table():
    with pytest.raises(TableError, match="This is a pivot table"):
        layout_of("Region,Q1,Q2,Q3,Q4\nNorth,1,2,3,4")


HEADERS = Path(__file__).parents[4] / "shared/data/crm_headers/headers.json"
ROLES = {
    "deal_id": "external_id",
    "deal_name": "name",
    "account_name": "account",
    "account_id": "account_id",
    "amount": "amount",
    "currency": "currency",
    "amount_in_company_currency": "converted_amount",
    "stage": "stage",
    "status": "status",
    "close_date": "close_date",
    "closed_won_flag": "is_won",
    "closed_flag": "is_closed",
    "lost_flag": "is_lost",
    "deleted_flag": "is_deleted",
    "won_date": "won_on",
    "lost_date": "lost_on",
    "closed_date": "closed_on",
    "created_date": "opened_on",
    "owner_name": "owner",
    "owner_email": "owner_email",
    "owner_manager": "manager",
    "pipeline": "pipeline",
    "loss_reason": "loss_reason",
    "next_step": "next_step",
    "forecast_category": "forecast_category",
}
FORMAT_OF = {
    "salesforce_report_en": "salesforce-report",
    "salesforce_report_en_without_ids": "salesforce-report",
    "salesforce_report_de": "salesforce-report-de",
    "salesforce_report_fr": "salesforce-report-fr",
    "salesforce_data_export_api_names": "salesforce-export",
    "hubspot_deals_en": "hubspot-deals",
    "hubspot_deals_de": "hubspot-deals-de",
    "hubspot_deals_fr": "hubspot-deals-fr",
    "pipedrive_deals_en": "pipedrive-deals",
    "pipedrive_deals_de": "pipedrive-deals-de",
    "pipedrive_deals_fr": "pipedrive-deals-fr",
    "zoho_deals_en": "zoho-deals",
    "zoho_deals_de": "zoho-deals-de",
    "zoho_deals_fr": "zoho-deals-fr",
    "dynamics365_opportunity_excel": "dynamics-opportunities",
    "dynamics365_opportunity_excel_de": "dynamics-opportunities-de",
    "dynamics365_opportunity_excel_fr": "dynamics-opportunities-fr",
    "odoo_technical": "odoo-technical",
    "odoo_pipeline_en": "odoo-pipeline",
    "odoo_pipeline_de": "odoo-pipeline-de",
    "odoo_pipeline_fr": "odoo-pipeline-fr",
    "close_opportunities": "close",
    "freshsales_deals": "freshsales",
    "freshsales_webhook_names": "freshsales-webhook",
    "suitecrm_sugarcrm_opportunities": "sugarcrm",
    "vtiger_de": "vtiger",
    "copper_opportunities": "copper",
    "attio_deals": "attio",
    "twenty_opportunities": "twenty",
    "monday_sales_crm": "monday",
    "tryton_opportunities": "tryton",
}
ONE_COMPANY_ALONE = {
    *("schlussmonat", "auftragseingang datum (pm070)", "erwartete auftragseingang", "relevant für forecast"),
    "status",  # of Close, where it is an id of the status, and of monday, where it may be anything
}
EXPECTED = {"close_date", "expected_on"}


@pytest.mark.skipif(not HEADERS.exists(), reason="the shared data is not here")
@pytest.mark.parametrize("variant", FORMAT_OF)
def test_every_header_of_a_real_export_has_the_role_it_has_there(variant):
    known = json.loads(HEADERS.read_text())[variant]["headers"]
    crm_format = next(each for each in FORMATS if each.key == FORMAT_OF[variant])
    role_of = {header: role for role, headers in crm_format.headers.items() for header in headers}
    wrong = {
        entry["header"]: role_of.get(normalize(entry["header"]))
        for entry in known
        if (role := ROLES.get(entry["role"]))
        and normalize(entry["header"]) not in ONE_COMPANY_ALONE
        and role_of.get(normalize(entry["header"]))
        not in ({role} | (EXPECTED if role in EXPECTED else set()))
    }
    assert not wrong
