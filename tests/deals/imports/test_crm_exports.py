"""Whole exports of each CRM, oddities included, as they come."""

from datetime import date

import pytest

from alignment.models import Team
from deals.import_commands.deal_import import import_deals
from deals.models import Deal, RevenueEntry
from tests.factories import NOW, make_company, make_team

SALESFORCE = """"Opportunity ID","Opportunity Name","Account Name","Opportunity Owner","Stage","Amount Currency","Amount","Close Date"
"006A","Plant two","Brandt","Joe","Closed Won","USD","1,250.00","10/13/2026"
"006B","Rollout","Orbis","Joe","Negotiation","USD","","12/1/2026"

"Grand Totals (2 records)","","","","","USD","1,250.00",""
"Confidential Information - Do Not Distribute"
"Copyright \N{COPYRIGHT SIGN} 2000-2026 salesforce.com, inc. All rights reserved."
""".encode("cp1252")

GERMAN = """Opportunity-ID;Opportunity-Name;Opportunity-Inhaber;Accountname;Phase;Opportunity-Betrag;Schlusstermin
006A;Werk zwei;Jörg;Müller;Gewonnen;1.250,00;13.10.2026
006B;Rollout;Jörg;Orbis;Angebot;;01.12.2026
""".encode("cp1252")

HUBSPOT = b"""Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Is Closed Won,Is Deal Closed?,Associated Company
1,Plant two,Signed,2026-10-13 09:15,Joe,$1250,true,true,Brandt
2,Rollout,Contract,2026-12-01 00:00,Joe,,false,false,Orbis
"""

PIPEDRIVE = b"""Deal - ID,Deal - Title,Deal - Value,Deal - Organization,Deal - Status,Deal - Expected close date,Deal - Closed on
1,Plant two,1250,Brandt,Won,2026-11-30,2026-10-13 18:00:01
2,Rollout,,Orbis,Open,2026-12-01,
"""

ZOHO = """Record Id,Deal Name,Account Name,Account Name.id,Stage,Closing Date,Amount,Deal Owner
zcrm_1,Plant two,Brandt,zcrm_7,Closed Won,"Oct 13, 2026","$1,250.00",Joe
,,,,,,,
zcrm_2,Rollout,Orbis,zcrm_8,Proposal/Price Quote,2026-12-01,,Joe
""".encode("utf-16")

EXPORTS = {
    "salesforce": SALESFORCE,
    "german": GERMAN,
    "hubspot": HUBSPOT,
    "pipedrive": PIPEDRIVE,
    "zoho": ZOHO,
}


def give(name: str) -> Team:
    team = make_team(company=make_company(slug="ours", currency="USD"))
    import_deals(EXPORTS[name], company_slug="ours", teams=None, locale="", now=NOW, dry_run=False)
    return team


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPORTS)
def test_a_real_export_gives_its_won_and_its_open_deal(name):
    team = give(name)
    won, open_ = Deal.objects.filter(team=team).order_by("external_id")
    assert (won.status, won.amount, won.close_date) == ("won", 1250, date(2026, 10, 13))
    assert (open_.status, open_.amount, open_.close_date) == ("open", None, date(2026, 12, 1))
    assert (open_.name, open_.account.name) == ("Rollout", "Orbis")
    assert RevenueEntry.objects.get().day == date(2026, 10, 13)


@pytest.mark.django_db
def test_a_prefix_of_an_id_that_only_some_exports_have_is_left_out():
    give("zoho")
    assert set(Deal.objects.values_list("external_id", flat=True)) == {"1", "2"}
