"""North today: behind, with a plan that waits for the CEO."""
# ruff: noqa: E501  # whole sentences

from meetings.demo import names
from meetings.demo.story import Effort, OpenDeal, OpenIssue, OpenRisk, Promised, Story

DANA, PETE, MAYA, CARL = names.NORTH_REPS

DEALS = (
    OpenDeal("Brandt", "plant two", PETE, "Negotiation", (
        (26, -61, ""), (13, -26, "Their half-year budget came out smaller; headquarters has to release it."),
        (6, 9, "The parent company wants the energy figures of plant one."), (0.55, 44, "Board wants the pilot report first."),
    ), ((26, 280_000), (13, 310_000))),
    OpenDeal("Orbis", "renewal", DANA, "Contract", ((9, 12, ""),), ((9, 0),), won=("", 0, "")),
    OpenDeal("Lakeshore", "packing hall", CARL, "Proposal", ((17, 20, ""),), ((17, 175_000),), lost=0.4),
    OpenDeal("Kestrel", "renewal", DANA, "Contract", ((8, 6, ""),), ((8, 84_000),)),
    OpenDeal("Alder", "renewal", DANA, "Negotiation", ((11, 3, ""), (3, 10, "Their buyer is at the sister plant until then.")), ((11, 98_000),)),
    OpenDeal("Finch", "renewal", MAYA, "Contract", ((7, 12, ""),), ((7, 81_000),)),
    OpenDeal("Norwood", "line upgrade", MAYA, "Negotiation", ((12, 13, ""),), ((12, 120_000), (0.3, 145_000))),
    OpenDeal("Tessaro", "dock automation", CARL, "Proposal", ((10, 27, ""), (0.7, 11, "They want it running before the season.")), ((10, 130_000),)),
    OpenDeal("Hollis", "cold store", PETE, "Proposal", ((19, 38, ""), (8, 62, "Operations wants a third quote above $200k.")), ((19, 240_000),)),
    OpenDeal("Meridian", "framework agreement", PETE, "Site survey", ((15, 83, ""),), ((15, 380_000),), pinned=True),
    OpenDeal("Pembroke", "second line", CARL, "Proposal", ((14, 24, ""),), ((14, 150_000), (0.6, 118_000))),
    OpenDeal("Grayling", "retrofit", MAYA, "Proposal", ((0.35, 12, ""),), ((0.35, 96_000),)),
)  # fmt: skip

RISKS = (
    OpenRisk("Hollis", 420_000, (
        (5.3, "New procurement head re-tenders all suppliers.", "Meet her before the tender is out", -20),
        (2, "New procurement head re-tenders all suppliers. We are one of four.", "Site visit with operations", 5),
    )),
    OpenRisk("Brandt plant two", 310_000, (
        (6, "The date moves and we hear it from the buyer, never from the plant.", "Pete asks who decides", -14),
        (0.6, "Third date. The board wants the pilot report, which their engineer has not written.", "Offer to write the report with him, two days on site", 6),
    )),
    OpenRisk("Alder renewal", 98_000, (
        (0.45, "Champion left. Her successor starts on Monday and has run a competitor’s line before.", "Dana meets the successor in the first week", 7),
    )),
    OpenRisk("Quill", 160_000, (
        (4, "Invoices are 40 days late and the spare parts account is at its limit.", "Finance calls theirs", -9),
        (0.2, "They proposed to pay in three parts; the first one came.", "Agree the other two dates in writing", 4),
    )),
)  # fmt: skip

EFFORTS = (
    Effort("Mid-market playbook", "market", "Two reps sell to mid-size plants only, with fixed packages, one price list and installation in five weeks. Dana leads it.",
        "Deals between $20k and $80k a month", ("6", "14", "9"), 21, health="behind", words=((19, "agreed", ""),),
        new_plan=(0.5, "All four reps sell the fixed packages, each to ten named mid-size plants. Dana keeps the price list; installation in five weeks is offered only where operations has confirmed it.")),
    Effort("Ask every plant for a name", "referrals", "After each start-up the rep asks the plant manager for one introduction, in person, within four weeks.",
        "Introductions a month", ("1", "6", "4"), 17, words=((16, "agreed", ""),)),
    Effort("Controls software with every line", "product", "Each offer for a line carries the monitoring software for the first year; renewal is sold by Service.",
        "Lines sold with software", ("10", "50", "26"), 15, unit="%", health="behind",
        words=((13, "not_yet", "I want to see what it costs in support hours before we push it. Bring the figure for the ten sites that have it."),)),
    Effort("Pete back to quota by spring", "rep", "Weekly visit together, one deal at a time, no new tenders. Looked at after 30, 60 and 90 days; then we decide.",
        "Qualified first visits a week", ("2", "7", "5"), 14, words=((14, "agreed", ""),)),
    Effort("One quote template", "skills", "Every rep writes the same two-page quote; engineering adds the drawing.", "Days from visit to quote", ("11", "4", "4"), 103, words=((101, "agreed", ""),), ended=78, unit="days",
        outcome="Four days, held for three months. It is how we work now."),
    Effort("Breweries", "market", "Carl builds a list of forty breweries and visits two a week.", "Brewery customers", ("3", "12", "9"), 96, words=((94, "agreed", ""),), ended=60,
        outcome="Nine of twelve. Enough to keep Carl on it without an initiative."),
    Effort("Webinars with marketing", "marketing", "One webinar a month; sales names the topic, marketing invites.", "Leads with a named project", ("0", "15", "4"), 74, words=((72, "not_yet", "The target is too soft. What would we be proud of?"), (70, "agreed", "")), ended=52,
        outcome="Stopped. Four leads in five months; plant days bring more."),
    Effort("Service contract with every start-up", "product", "The contract lies on the table at the acceptance, signed or declined.", "Start-ups with a contract", ("22", "60", "63"), 58, words=((57, "agreed", ""),), ended=27, unit="%",
        outcome="Above target for months; Service carries it on."),
    Effort("Negotiation training", "skills", "Two days outside, then one deal each with a coach.", "Average rebate", ("7.5", "4", "4.6"), 44, words=((43, "agreed", ""),), ended=22, unit="%",
        outcome="4.6 %. The coach stays for one deal a quarter."),
)  # fmt: skip

ISSUES = (
    OpenIssue("ceo", "question", "Are we still chasing plants when we need mid-size?", "We agreed to live from mid-size deals this year. The list of plants is the longer one.", 0.5),
    OpenIssue("leader", "issue", "Operations quotes eleven weeks, customers ask for eight", "Norwood and Tessaro both said it. I would like a word from you on a second crew.", 0.65),
    OpenIssue("ceo", "issue", "Who knows the new procurement head?", "I read her name for the first time in the risks.", 1.5, section="risks", about="Hollis", discussed=True),
    OpenIssue("leader", "question", "May renewals get 60 days?", "Kestrel and Finch both ask. It would cost us little and close both this month.", 0.8, section="deals", about="Kestrel renewal"),
)  # fmt: skip

PROMISES = (
    Promised("Close Orbis renewal at list price", "leader", -1, done=0.5),
    Promised(
        "Second call with Brandt before the week is out",
        "leader",
        -1,
        about="Brandt plant two",
        section="deals",
    ),
    Promised("Dana takes over the Kestrel, Alder and Finch renewals", "leader", 0, about=""),
    Promised(
        "Bring the support hours of the ten software sites",
        "leader",
        0,
        section="initiatives",
        about="Controls software with every line",
    ),
    Promised(
        "Ask operations for a fixed crew in the coming month",
        "ceo",
        0,
        section="risks",
        about="Hollis",
        done=0.75,
    ),
    Promised("Draft of the new commission plan", "ceo", -2, section="issues", ago=2.4),
    Promised("Introduce Joe to Hollis’s managing director", "ceo", 1, section="risks", about="Hollis"),
)

DECISIONS = ("Renewals go before new plants until the end of the quarter.",)

WORDS = (
    ("leader", "risks", "Hollis", "Operations is willing to open the plant for a visit. She has not answered me yet; I try her assistant. I want Tom in the room for the first hour."),
    ("leader", "risks", "", "Two of the four are new faces on the other side, not new problems. The money at risk is mostly Hollis."),
    ("leader", "deals", "Brandt plant two", "I drive there with Pete. If nobody on the board knows our name by then, it leaves my list for this year."),
    ("leader", "initiatives", "Ask every plant for a name", "Four introductions this month, two of them from Orbis. Maya asks best: she brings the next start-up date along."),
    ("leader", "initiatives", "Pete back to quota by spring", "Five visits, all with a name and a budget. He takes it well. The 60-day look is next week."),
    ("leader", "initiatives", "Controls software with every line", "I have the hours of seven of the ten sites. Three are above what I told you, and I know why."),
    ("ceo", "deals", "Brandt plant two", "I have heard “next month” for half a year. What do they lose if they wait another year?"),
    ("ceo", "revenue", "", "I would rather talk about which three orders close the gap than about why it is there."),
    ("facilitator", "issues", "", "The question on mid-size has been on the table before under another name. Give it ten minutes this time."),
)  # fmt: skip

NORTH = Story(
    accounts=names.NORTH_ACCOUNTS,
    reps=names.NORTH_REPS,
    gap=("-0.112", "-0.26"),
    past_gaps=("-0.021", "0.034", "0.012", "-0.043", "0.052", "0.008", "-0.015", "0.027"),
    deals=DEALS,
    risks=RISKS,
    efforts=EFFORTS,
    issues=ISSUES,
    promises=PROMISES,
    decisions=DECISIONS,
    words=WORDS,
    outcomes={
        4: ("late", ""),
        9: ("moved", "Tom is at the customer’s board in Toronto."),
        15: ("missed", ""),
        23: ("late", ""),
        31: ("excused", "Trade fair in Chicago, both on the stand."),
        38: ("itself", ""),
        47: ("late", ""),
        66: ("missed", ""),
        90: ("late", ""),
    },
)
