"""North today: behind, with a plan that waits for the CEO."""

from meetings.demo import names
from meetings.demo.north_initiatives import INITIATIVES
from meetings.demo.story import OpenDeal, OpenIssue, OpenRisk, Story, StoryCommitment, Views

DANA, PETE, MAYA, CARL = names.NORTH_REPS

DEALS = (
    OpenDeal(
        "Brandt",
        "plant two",
        PETE,
        "Negotiation",
        (
            (26, -61, ""),
            (13, -26, "Their half-year budget came out smaller; headquarters has to release it."),
            (6, 9, "The parent company wants plant one’s energy figures."),
            (0.55, 44, "The board wants the pilot report first."),
        ),
        ((26, 280_000), (13, 310_000)),
    ),
    OpenDeal("Orbis", "renewal", DANA, "Contract", ((9, 12, ""),), ((9, 0),), won=("", 0, "")),
    OpenDeal("Lakeshore", "packing hall", CARL, "Proposal", ((17, 20, ""),), ((17, 175_000),), lost=0.4),
    OpenDeal("Kestrel", "renewal", DANA, "Contract", ((8, 6, ""),), ((8, 84_000),)),
    OpenDeal(
        "Alder",
        "renewal",
        DANA,
        "Negotiation",
        ((11, 3, ""), (3, 10, "Their buyer is at the sister plant until then.")),
        ((11, 98_000),),
    ),
    OpenDeal("Finch", "renewal", MAYA, "Contract", ((7, 12, ""),), ((7, 81_000),)),
    OpenDeal(
        "Norwood", "line upgrade", MAYA, "Negotiation", ((12, 13, ""),), ((12, 120_000), (0.3, 145_000))
    ),
    OpenDeal(
        "Tessaro",
        "dock automation",
        CARL,
        "Proposal",
        ((10, 27, ""), (0.7, 11, "They want it running before the season.")),
        ((10, 130_000),),
    ),
    OpenDeal(
        "Hollis",
        "cold store",
        PETE,
        "Proposal",
        ((19, 38, ""), (8, 62, "Operations wants a third quote above $200k.")),
        ((19, 240_000),),
    ),
    OpenDeal(
        "Meridian", "framework agreement", PETE, "Site survey", ((15, 83, ""),), ((15, 380_000),), pinned=True
    ),
    OpenDeal("Pembroke", "second line", CARL, "Proposal", ((14, 24, ""),), ((14, 150_000), (0.6, 118_000))),
    OpenDeal("Grayling", "retrofit", MAYA, "Proposal", ((0.35, 12, ""),), ((0.35, 96_000),)),
)

RISKS = (
    OpenRisk(
        "Hollis",
        420_000,
        (
            (5.3, "New procurement head re-tenders all suppliers.", "Meet her before the tender is out", -20),
            (
                3,
                "New procurement head re-tenders all suppliers. We are one of four.",
                "Site visit with operations",
                5,
            ),
        ),
    ),
    OpenRisk(
        "Brandt plant two",
        310_000,
        (
            (
                6,
                "The date keeps moving and we hear it from the buyer, never from the plant.",
                "Pete asks who decides",
                -14,
            ),
            (
                0.6,
                "Third date. The board wants the pilot report, and their engineer has not written it.",
                "Offer to write the report with him, two days on site",
                6,
            ),
        ),
    ),
    OpenRisk(
        "Alder renewal",
        98_000,
        (
            (
                0.45,
                "Our champion left. Her successor starts on Monday and has run a competitor’s line before.",
                "Dana meets the successor in the first week",
                7,
            ),
        ),
    ),
    OpenRisk(
        "Quill",
        160_000,
        (
            (
                4,
                "Invoices are 40 days late and the spare parts account is at its limit.",
                "Our finance team calls theirs",
                -9,
            ),
            (
                0.2,
                "They offered to pay in three installments; the first one came.",
                "Agree the other two dates in writing",
                4,
            ),
        ),
    ),
)

ISSUES = (
    OpenIssue(
        "ceo",
        "question",
        "Are we still chasing plants when we need mid-size?",
        "We agreed to focus on mid-size deals this year, but the list of plants is longer.",
        0.5,
    ),
    OpenIssue(
        "leader",
        "issue",
        "Operations quotes eleven weeks, customers ask for eight",
        "Norwood and Tessaro both said so. I would like your view on a second crew.",
        0.65,
    ),
    OpenIssue(
        "ceo",
        "issue",
        "Who knows the new procurement head?",
        "I first read her name in the risks.",
        1.5,
        section="risks",
        about="Hollis",
        discussed=True,
    ),
    OpenIssue(
        "leader",
        "question",
        "Can we offer 60 days on renewals?",
        "Kestrel and Finch are both asking. It would cost us little and close both this month.",
        0.8,
        section="deals",
        about="Kestrel renewal",
    ),
)

COMMITMENTS = (
    StoryCommitment("Close Orbis renewal at list price", "leader", -1, done=0.5),
    StoryCommitment(
        "Second call with Brandt before the week is out",
        "leader",
        -1,
        about="Brandt plant two",
        section="deals",
    ),
    StoryCommitment("Call the five open mid-size offers", "leader", 6, amount=60_000),
    StoryCommitment("Offer the spare parts contract to last year’s buyers", "leader", 9, amount=45_000),
    StoryCommitment(
        "Bring two support renewals forward", "leader", -2, done=0.6, amount=40_000, brought=35_000
    ),
    StoryCommitment("Dana takes over the Kestrel, Alder and Finch renewals", "leader", 0, about=""),
    StoryCommitment(
        "Bring the support hours for the ten software sites",
        "leader",
        0,
        section="initiatives",
        about="Controls software with every line",
    ),
    StoryCommitment(
        "Ask operations for a fixed crew next month",
        "ceo",
        0,
        section="risks",
        about="Hollis",
        done=0.75,
    ),
    StoryCommitment("Draft the new commission plan", "ceo", -2, section="issues", ago=2.4),
    StoryCommitment("Introduce Joe to Hollis’s managing director", "ceo", 1, section="risks", about="Hollis"),
)

DECISIONS = ("Renewals come before new plants until the end of the quarter.",)

UPDATES = (
    (
        "leader",
        "risks",
        "Hollis",
        (
            "Operations will open the plant for a visit. She has not answered me yet, so I am trying her "
            "assistant. I want Tom in the room for the first hour."
        ),
    ),
    (
        "leader",
        "risks",
        "",
        "Two of the four are new faces on their side, not new problems. Most of the money at risk is Hollis.",
    ),
    (
        "leader",
        "deals",
        "Brandt plant two",
        (
            "I am driving there with Pete. If nobody on the board knows us by then, it comes off my list "
            "for this year."
        ),
    ),
    (
        "leader",
        "initiatives",
        "Ask every plant for a name",
        (
            "Four introductions this month, two of them from Orbis. Maya is the best at asking: she "
            "brings the next start-up date with her."
        ),
    ),
    (
        "leader",
        "initiatives",
        "Pete back to quota by spring",
        (
            "Five visits, each with a contact and a budget. He is taking it well. The 60-day review is "
            "next week."
        ),
    ),
    (
        "leader",
        "initiatives",
        "Controls software with every line",
        "I have the hours for seven of the ten sites. Three are higher than I told you, and I know why.",
    ),
    (
        "ceo",
        "deals",
        "Brandt plant two",
        "I have heard “next month” for half a year. What do they lose by waiting another year?",
    ),
    (
        "ceo",
        "revenue",
        "",
        "I would rather talk about which three orders close the gap than about why we have one.",
    ),
    (
        "facilitator",
        "issues",
        "",
        "The mid-size question has come up before under another name. Give it ten minutes this time.",
    ),
)

# The plan, our progress, the pipeline, the deals we chase, what we get from each other.
VIEWS = (
    Views(26, ceo=(4, 4, 4, 4, 4), leader=(5, 4, 4, 4, 3)),
    Views(
        20,
        ceo=(4, 4, 3, 4, 4),
        leader=(5, 4, 4, 4, 3),
        leader_words="I need quicker answers on the exceptions.",
    ),
    Views(
        12,
        ceo=(4, 4, 2, 4, 4),
        leader=(5, 4, 4, 4, 3),
        ceo_words="Half of what we look at has been there since spring.",
        leader_words="We are closer than it looks.",
    ),
    Views(
        7,
        ceo=(4, 3, 2, 3, 4),
        leader=(5, 4, 4, 4, 3),
        ceo_words="I want to see the big ones move.",
        leader_words="Brandt alone makes the quarter.",
    ),
)

NORTH = Story(
    accounts=names.NORTH_ACCOUNTS,
    reps=names.NORTH_REPS,
    gap=("-0.112", "-0.26"),
    past_gaps=("-0.021", "0.034", "0.012", "-0.043", "0.052", "0.008", "-0.015", "0.027"),
    deals=DEALS,
    risks=RISKS,
    initiatives=INITIATIVES,
    issues=ISSUES,
    commitments=COMMITMENTS,
    decisions=DECISIONS,
    updates=UPDATES,
    views=VIEWS,
    outcomes={
        4: ("late", ""),
        9: ("moved", "Tom is presenting to a customer’s board in Toronto."),
        15: ("missed", ""),
        23: ("late", ""),
        31: ("excused", "Both at the trade fair in Chicago."),
        38: ("itself", ""),
        47: ("late", ""),
        66: ("missed", ""),
        90: ("late", ""),
    },
)
