"""Which CRM, which column: known exports, and refusals that name the columns."""

import json
from pathlib import Path

import pytest

from deals.imports.columns import recognise
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


def layout_of(text):
    return recognise(read_file(text.encode()).lines)


@pytest.mark.parametrize("source", EXPORTS)
def test_an_export_is_recognised_by_its_headers(source):
    assert layout_of(EXPORTS[source]).source.name == source


def test_headers_are_found_below_a_title():
    layout = layout_of("Pipeline report,,\nas of 1 May 2026,,\n\n" + EXPORTS["HubSpot"])
    assert (layout.source.name, layout.header.number) == ("HubSpot", 4)


def test_a_column_that_is_not_used_is_named():
    assert layout_of(EXPORTS["HubSpot"]).unused == ["Last Activity Date", "Pipeline"]


def test_a_missing_column_is_named_with_those_found():
    with pytest.raises(TableError) as refusal:
        layout_of(EXPORTS["Salesforce"].replace("Close Date,", ""))
    assert "It looks like Salesforce." in refusal.value.sentences[0]
    assert "“Opportunity Name”" in refusal.value.sentences[1]
    assert "the close date (such as “close date”)" in refusal.value.sentences[2]


def test_a_table_of_something_else_is_refused():
    with pytest.raises(TableError, match=r"not a table of deals(.|\n)*“sector”(.|\n)*the deal's id"):
        layout_of("account,sector,year_established,revenue,employees")


def test_two_columns_for_one_thing_are_not_chosen_between():
    with pytest.raises(TableError, match="Both “Deal owner” and “Deal Owner” could be the owner"):
        layout_of(EXPORTS["HubSpot"] + ",Deal Owner")


def test_a_table_without_deal_ids_is_refused():
    with pytest.raises(TableError, match="the deal's id"):
        layout_of(EXPORTS["a plain table of deals"].replace("id,", "", 1))


HEADERS = Path(__file__).parents[4] / "shared/data/crm_headers/headers.json"


@pytest.mark.skipif(not HEADERS.exists(), reason="the shared data is not here")
@pytest.mark.parametrize(
    "role",
    [
        "salesforce_report_en",
        "salesforce_report_de",
        "hubspot_deals_en",
        "pipedrive_deals_en",
        "zoho_deals_en",
    ],
)
def test_every_header_we_know_was_seen_in_a_real_export(role):
    from deals.imports.columns import normalize
    from deals.imports.sources import SOURCES

    names = {
        "salesforce_report_en": "Salesforce",
        "salesforce_report_de": "Salesforce in German",
        "hubspot_deals_en": "HubSpot",
        "pipedrive_deals_en": "Pipedrive",
        "zoho_deals_en": "Zoho",
    }
    known = json.loads(HEADERS.read_text())[role]
    seen = {normalize(header) for header in known["columns"]}
    source = next(source for source in SOURCES if source.name == names[role])
    for needed in ("external_id", "name", "stage", "amount"):
        assert seen & set(source.headers[needed]), needed
    assert seen & {*source.headers.get("close_date", ()), *source.headers.get("expected_on", ())}
