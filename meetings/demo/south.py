"""South today: a little ahead, and submitted."""

from meetings.demo import names
from meetings.demo.story import OpenDeal, OpenIssue, OpenRisk, Story, StoryCommitment, StoryInitiative

LUIS, GRACE, BEN, HANNA = names.SOUTH_REPS

DEALS = (
    OpenDeal(
        "Harbor",
        "dock automation",
        GRACE,
        "Contract",
        ((12, 5, ""),),
        ((12, 0),),
        won=("One crew of four for the installation, ten days", 24, "Operations and Support"),
    ),
    OpenDeal("Tidewater", "case packer", BEN, "Proposal", ((13, 16, ""),), ((13, 90_000),), lost=0.3),
    OpenDeal(
        "Calder",
        "terminal",
        LUIS,
        "Negotiation",
        ((22, -9, ""), (7, 12, "Two more silos were added and had to be quoted.")),
        ((22, 310_000), (7, 390_000)),
    ),
    OpenDeal(
        "Sunfield",
        "line three",
        GRACE,
        "Negotiation",
        ((16, 4, ""), (0.5, 25, "They want the floor tested first.")),
        ((16, 150_000),),
    ),
    OpenDeal("Marlow", "labeling cell", HANNA, "Contract", ((9, 8, ""),), ((9, 88_000),)),
    OpenDeal("Pinecrest", "renewal", BEN, "Contract", ((8, 10, ""),), ((8, 92_000),)),
    OpenDeal(
        "Delgado",
        "sorting line",
        LUIS,
        "Negotiation",
        ((15, 30, ""), (0.6, 14, "Harvest starts early.")),
        ((15, 126_000),),
    ),
    OpenDeal(
        "Vantage",
        "clean room",
        HANNA,
        "Proposal",
        ((18, 35, ""), (9, 58, "The validation plan has not been approved yet.")),
        ((18, 210_000),),
    ),
    OpenDeal("Ridgeway", "second line", LUIS, "Proposal", ((11, 41, ""),), ((11, 160_000), (0.4, 175_000))),
    OpenDeal("Amaro", "palletizer line", GRACE, "Site survey", ((6, 66, ""),), ((6, 132_000),)),
    OpenDeal("Savanna", "cold store", BEN, "Qualified", ((0.25, 72, ""),), ((0.25, 240_000),)),
)

RISKS = (
    OpenRisk(
        "Calder terminal",
        390_000,
        (
            (7, "Their only decision maker retires in the summer.", "Meet both possible successors", -12),
            (
                4.5,
                (
                    "Their only decision maker retires in the summer. We know one of his two possible "
                    "successors."
                ),
                "Anne visits the second one with Luis",
                8,
            ),
        ),
    ),
    OpenRisk(
        "Sunfield line three",
        150_000,
        (
            (
                0.5,
                "The floor may not carry the line; nobody checked.",
                "Load test by our own engineer, then one price for both",
                9,
            ),
        ),
    ),
    OpenRisk(
        "Pinecrest",
        120_000,
        (
            (
                3,
                "Two service calls were late, and they told their other plant.",
                "Head of Service visits",
                -4,
            ),
            (
                0.35,
                "Service has visited. They want the response time in the contract.",
                "Decide between four and eight hours",
                5,
            ),
        ),
    ),
)

INITIATIVES = (
    StoryInitiative(
        "Food safety campaign",
        "marketing",
        (
            "Marketing writes about hygienic design, sales brings reference plants; both teams meet "
            "every second Tuesday."
        ),
        "Leads with a named project",
        ("4", "40", "31"),
        22,
        decisions=((20, "agreed", ""),),
    ),
    StoryInitiative(
        "Distributors on the Gulf Coast",
        "market",
        (
            "Two distributors sell parts and service for us from the spring; we keep selling the lines "
            "ourselves. Luis trains their people."
        ),
        "Signed distributors",
        ("0", "2", "0"),
        1.6,
        health="on_track",
    ),
    StoryInitiative(
        "Quotes in three days",
        "skills",
        (
            "Every quote leaves within three working days; if that is not possible, the customer hears "
            "on day one."
        ),
        "Days from visit to quote",
        ("8", "3", "3.6"),
        18,
        unit="days",
        decisions=((17, "agreed", ""),),
    ),
    StoryInitiative(
        "Cold storage",
        "market",
        "Ben and Grace learn refrigerated handling and visit every operator in four states.",
        "Cold storage customers",
        ("1", "8", "8"),
        102,
        decisions=((100, "agreed", ""),),
        ended=63,
        outcome="Eight customers, and the best margin of all segments.",
    ),
    StoryInitiative(
        "Luis as second in command",
        "skills",
        "Luis leads the Monday meeting and one deal review a week.",
        "Reviews led by Luis a month",
        ("0", "4", "4"),
        84,
        decisions=((82, "agreed", ""),),
        ended=55,
        outcome="He leads all four. Mark has time for key accounts.",
    ),
    StoryInitiative(
        "Plant days",
        "marketing",
        "Four open days a year at customers who like to show off their line.",
        "Visitors with a budget",
        ("6", "25", "21"),
        71,
        decisions=(
            (69, "not_yet", "First show me who does the work while you are travelling."),
            (67, "agreed", ""),
        ),
        ended=33,
        outcome="21 of 25. It led to three orders; we continue with two days a year.",
    ),
    StoryInitiative(
        "Spare parts shop",
        "product",
        "The two hundred parts that matter can be ordered online.",
        "Orders through the shop",
        ("0", "35", "29"),
        50,
        decisions=((49, "agreed", ""),),
        ended=25,
        unit="%",
        outcome="29% of orders, and nobody misses the phone calls.",
    ),
)

ISSUES = (
    OpenIssue(
        "leader",
        "question",
        "May I give Calder the volume price without the three-year term?",
        "They would sign within two weeks. It is the price we gave Gulfstar, who did sign for three years.",
        0.55,
        section="deals",
        about="Calder terminal",
    ),
    OpenIssue(
        "ceo",
        "issue",
        "The preparation came late twice this month",
        "I read it in the car. It is good; I want to think about it before we meet.",
        1.3,
        discussed=True,
    ),
    OpenIssue(
        "facilitator",
        "issue",
        "The quarter depends on Calder",
        "You both know it, and neither of you has said what happens if it slips.",
        0.7,
    ),
)

COMMITMENTS = (
    StoryCommitment(
        "Send Calder the quote for the two extra silos",
        "leader",
        -1,
        section="deals",
        about="Calder terminal",
        done=0.4,
    ),
    StoryCommitment("Book six first visits for next quarter", "leader", 0, done=0.6),
    StoryCommitment(
        "Send the engineer for the floor test at Sunfield",
        "leader",
        0,
        section="deals",
        about="Sunfield line three",
    ),
    StoryCommitment("Talk to Service about response times", "ceo", -1, section="risks", about="Pinecrest"),
    StoryCommitment(
        "Read the distributor contracts",
        "ceo",
        0,
        section="initiatives",
        about="Distributors on the Gulf Coast",
    ),
    StoryCommitment(
        "Walk through the clean room with Vantage’s validation team",
        "leader",
        12,
        section="deals",
        about="Vantage clean room",
        ago=6,
    ),
    StoryCommitment("Introduce Grace to the new buyer at Amaro", "leader", 5, section="deals", ago=5.7),
    StoryCommitment("Draw a new territory map for Hanna", "leader", -3, section="issues", ago=3.3),
)

DECISIONS = (
    "No rebate at Marlow; the date is worth more to them.",
    "Grace leads Savanna from the second visit on.",
)

UPDATES = (
    (
        "leader",
        "revenue",
        "",
        (
            "We are a little ahead, thanks to Harbor and a steady run of mid-size orders. Whether it "
            "stays that way depends on Calder, so I added two more deals for the end of the quarter."
        ),
    ),
    (
        "leader",
        "deals",
        "Harbor dock automation",
        (
            "Full price, standard terms. Grace ran it on her own from the first visit. Operations knows "
            "about the ten days."
        ),
    ),
    (
        "leader",
        "deals",
        "Tidewater case packer",
        "Lost on delivery time, nine weeks against our fourteen. It is the second one this year.",
    ),
    (
        "leader",
        "deals",
        "Calder terminal",
        "Everything is agreed except the term. I would accept the price without it; see my question below.",
    ),
    (
        "leader",
        "deals",
        "Sunfield line three",
        "Asking for a test is fair. If the floor holds, the date holds.",
    ),
    (
        "leader",
        "risks",
        "Calder terminal",
        (
            "No change, and none expected before we have met the second successor. Luis has an "
            "appointment on Thursday."
        ),
    ),
    (
        "leader",
        "risks",
        "Pinecrest",
        "They were happy with the visit. Eight hours is enough if we stick to it.",
    ),
    (
        "leader",
        "initiatives",
        "Food safety campaign",
        (
            "31 leads, eleven of them with a date. Marketing now joins our Monday meeting, which helps "
            "more than the campaign."
        ),
    ),
    (
        "leader",
        "initiatives",
        "Distributors on the Gulf Coast",
        "Two candidates, both visited. Tom has the contracts; I would like a yes or no this week.",
    ),
    (
        "leader",
        "initiatives",
        "Quotes in three days",
        "3.6 days on average. The rest is waiting for drawings, not for people.",
    ),
    (
        "leader",
        "issues",
        "The preparation came late twice this month",
        "You are right. From now on it is done the day before, like this one.",
    ),
    (
        "ceo",
        "deals",
        "Calder terminal",
        "The price is fine with me, the precedent is not. Let’s talk about what we get instead of the term.",
    ),
)

SOUTH = Story(
    accounts=names.SOUTH_ACCOUNTS,
    reps=names.SOUTH_REPS,
    gap=("0.019", "0.05"),
    past_gaps=("0.028", "0.041", "-0.022", "0.03", "0.017", "-0.034", "0.045", "0.011"),
    deals=DEALS,
    risks=RISKS,
    initiatives=INITIATIVES,
    issues=ISSUES,
    commitments=COMMITMENTS,
    decisions=DECISIONS,
    updates=UPDATES,
    corrected=0.5,
    outcomes={
        1: ("late", ""),
        2: ("late", ""),
        3: ("missed", ""),
        12: ("excused", "Mark is on holiday; Luis is covering and nothing is urgent."),
        20: ("moved", "Mark is at the Calder site that morning."),
        29: ("itself", ""),
        41: ("missed", ""),
        58: ("excused", "Both at the annual meeting in Denver."),
        77: ("late", ""),
    },
)
