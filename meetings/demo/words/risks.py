# whole sentences
#: Risks: the stages of each (what is wrong, the action), then how it ends well and how badly.
COURSES: tuple[tuple[tuple[tuple[str, str], ...], str, str], ...] = (
    (
        (
            (
                "Our champion leaves at the end of the month and no successor is named.",
                "{rep} asks for a handover meeting with both",
            ),
            (
                "The successor comes from a plant that runs a competitor’s line.",
                "Plant visit at our best reference with the successor",
            ),
        ),
        "The successor saw our reference plant and is staying with us.",
        "The successor brought their old supplier along.",
    ),
    (
        (
            (
                "The new procurement head is re-tendering all suppliers.",
                "Get our three-year cost figures on the table before the tender",
            ),
            (
                "We are one of four in the tender. Two are cheaper on paper.",
                "Bring both operations teams together for half a day",
            ),
        ),
        "We kept the account at the old price, with longer terms.",
        "They split the volume; we kept about half.",
    ),
    (
        (
            (
                "A competitor offers the same line about 10% lower.",
                "Show the running costs over five years, with their own figures",
            ),
        ),
        "They understood the running costs and stayed.",
        "They took the lower price.",
    ),
    (
        (
            (
                "Their bank lowered the credit line; invoices are 50 days late.",
                "Our finance team calls theirs; no new delivery without a payment plan",
            ),
            ("They offered to pay in four installments.", "Agree the four dates in writing and tell Service"),
        ),
        "All four installments were paid.",
        "Written down to what the insurance covers.",
    ),
    (
        (
            (
                "Throughput in the acceptance test was 8% below what we sold.",
                "Engineering on site for two days with their shift leader",
            ),
            (
                "Better after changing the infeed, still 3% below.",
                "Second test with their own packaging material",
            ),
        ),
        "Second test passed, signed off by their engineer.",
        "We gave a discount for the missing throughput.",
    ),
    (
        (
            (
                "We told them eight weeks and production says eleven.",
                "Find two usable frames in the stock order",
            ),
        ),
        "Delivered after nine weeks; we kept them posted every Friday.",
        "They cancelled the second half of the order.",
    ),
    (
        (
            (
                "A new CFO has frozen all investment until the budget is approved.",
                "Offer leasing instead of buying",
            ),
            ("The freeze was extended by a month.", "Get the plant manager to request an exception"),
        ),
        "The exception was granted.",
        "Frozen for the year; we took it off the list.",
    ),
    (
        (
            (
                "Third service call in a month, the same fault each time.",
                "Senior technician stays until it is fixed",
            ),
        ),
        "A worn encoder; replaced at our expense, and they are happy.",
        "They gave the service contract to a local firm.",
    ),
    (
        (
            ("Their lawyers ask for unlimited liability.", "Our lawyer proposes a cap at twice the order"),
            ("They came down to three times the order.", "Decide how far we go"),
        ),
        "Capped at twice the order.",
        "We could not sign that and walked away.",
    ),
    (
        (
            (
                "They are being bought; the buyer has a house supplier.",
                "Meet the buyer’s technical head before closing",
            ),
        ),
        "The buyer leaves the choice to each site.",
        "The house supplier gets everything from next year.",
    ),
    (
        (
            (
                "The only decision maker is ill, and nobody else dares to decide.",
                "{rep} visits the deputy with a smaller first step",
            ),
        ),
        "The deputy signed the first step.",
        "It took too long and the need went away.",
    ),
    (
        (
            (
                "They dispute $18k of extra work on the last installation.",
                "Go through the list line by line with their project lead",
            ),
            ("Agreed on most of it; $6k is still open.", "Waive the $6k if they sign the next order"),
        ),
        "Settled together with the next order.",
        "We wrote off the open amount.",
    ),
    (
        (
            (
                "Permit for the new hall is late and our start-up crew is booked.",
                "Move the crew to another site and keep a second slot",
            ),
        ),
        "The permit came; we used the second slot.",
        "The crew was idle for a week at our cost.",
    ),
    (
        (
            (
                "They keep asking for small changes without paying for them.",
                "{rep} brings a price for each change to the next visit",
            ),
            ("They accepted two of five prices.", "No more drawings until the change order is signed"),
        ),
        "Change order signed for most of it.",
        "We did the work and learned to ask earlier.",
    ),
    (
        (
            (
                "Nobody there has answered for four weeks.",
                "Visit without an appointment, with a part they need",
            ),
        ),
        "They had changed their mail system. All is well.",
        "They had quietly chosen another supplier.",
    ),
    (
        (
            (
                "The pilot is running, but nobody defined success.",
                "Agree three metrics with their plant manager and measure for two weeks",
            ),
            ("Two of the three metrics are met.", "Work on the third with their night shift"),
        ),
        "All three metrics met; the order follows.",
        "The third metric was never met.",
    ),
)
STALE = (
    "No movement. I have asked twice and will drive there on {date}.",
    "No news from {name}, which is the news. {rep} tries the plant manager instead.",
    "Same as last week. I would like five minutes on it in the meeting.",
    "We are waiting for their answer. If there is none by {date}, I will go to their owner.",
    "I had no time for it, and I should have. First thing on {date}.",
    "The visit had to move to {date}; nothing changes until then.",
    "It has not changed, and I am not sure the action is still the right one.",
    "Quiet. I am taking it over from {rep}.",
    "They promised an answer twice. I count it as red.",
    "No change in the facts. The tone of the last call was friendlier.",
)
NEWS = (
    "The first talk went better than feared.",
    "{rep} spoke to them on Friday. They are annoyed, not lost.",
    "I give it sixty percent.",
    "Operations is helping, which makes the difference.",
    "It will cost us a few days of engineering, and I think that is right.",
    "If it goes wrong it goes wrong this month.",
    "Their people like us. It is only about money.",
    "I would like Tom’s view on how far we go.",
)
CEO = (
    "What would you do if this were your own money?",
    "I can be there in person. Would it help or hurt?",
    "How long do we give it before we stop?",
    "Who on our side has known them longest?",
    "I read the action. Is it enough for that amount?",
    "Please do not promise them anything on delivery before you have spoken to operations.",
    "Let’s talk about this one first.",
    "I would rather lose it early than late.",
    "Good that it is on the list at all. Last year it would not have been.",
    "Take whoever you need for it this week.",
)
NOTES = (
    "Drive to {name} and sit down with the plant manager",
    "Bring a one-page plan for {name}",
    "Talk to Service about what {name} was promised",
    "Find a second contact at {name}",
    "Agree with Finance how far we go at {name}",
    "Site visit at {name} with operations",
    "Tell {name} in writing what we do and by when",
    "Put the running-cost figures together for {name}",
)
CEO_NOTES = (
    "Call the owner of {name}",
    "Ask our insurer about {name}",
    "Decide how far we go on liability for {name}",
    "Get operations to hold a crew for {name}",
)
