# ruff: noqa: E501  # whole sentences
#: What goes wrong: each a course of (what is wrong, what is done about it), then how it ended well and badly.
COURSES: tuple[tuple[tuple[tuple[str, str], ...], str, str], ...] = (
    (
        (
            ("Our champion leaves at the end of the month and nobody is named in their place.", "{rep} asks for a hand-over meeting with both"),
            ("The successor comes from a plant that runs a competitor’s line.", "Plant visit at our best reference with the successor"),
        ),
        "The successor saw our reference plant and stays with us.",
        "The successor brought their old supplier along.",
    ),
    (
        (
            ("New procurement head puts all suppliers out to tender again.", "Get our three-year cost figures on the table before the tender"),
            ("We are one of four in the tender. Two are cheaper on paper.", "Bring operations people of both sides together for half a day"),
        ),
        "We kept the account at the old price, with longer terms.",
        "They split the volume; we keep about half.",
    ),
    (
        (("A competitor offers the same line about 10 % lower.", "Show the running costs over five years, with their own figures"),),
        "They understood the running costs and stayed.",
        "They took the lower price.",
    ),
    (
        (
            ("Their bank lowered the credit line; invoices are 50 days late.", "Finance calls theirs; no new delivery without a plan"),
            ("They proposed to pay in four parts.", "Agree the four dates in writing and tell Service"),
        ),
        "All four parts were paid.",
        "Written down to what the insurance covers.",
    ),
    (
        (
            ("Throughput in the acceptance test was 8 % under what we sold.", "Engineering on site for two days with their shift leader"),
            ("Better after the change of the infeed, still 3 % under.", "Second test with their own packaging material"),
        ),
        "Second test passed, signed off by their engineer.",
        "We gave a rebate for the missing throughput.",
    ),
    (
        (
            ("We told them eight weeks and production says eleven.", "Find two frames from the stock order that can be used"),
        ),
        "Delivered after nine weeks; they were told each Friday.",
        "They cancelled the second half of the order.",
    ),
    (
        (
            ("A new CFO has frozen every investment until the budget is through.", "Offer to lease instead of to buy"),
            ("The freeze was extended by a month.", "Get the plant manager to name it as an exception"),
        ),
        "The exception was granted.",
        "Frozen for the year; we moved it out of the list.",
    ),
    (
        (
            ("Third service call in a month, and the same fault each time.", "Senior technician stays until it is found"),
        ),
        "A worn encoder; replaced on our account, and they are content.",
        "They gave the service contract to a local firm.",
    ),
    (
        (
            ("Their lawyers ask for unlimited liability.", "Our lawyer proposes a cap at twice the order"),
            ("They came down to three times the order.", "Decide how far we go"),
        ),
        "Capped at twice the order.",
        "We could not sign that and stepped back.",
    ),
    (
        (
            ("They are being bought; the buyer has a house supplier.", "Get to know the buyer’s technical head before the closing"),
        ),
        "The buyer leaves the choice to the sites.",
        "The house supplier gets everything from next year.",
    ),
    (
        (
            ("The only person who decides is ill, and nobody dares to decide.", "{rep} visits the deputy with a smaller first step"),
        ),
        "The deputy signed the first step.",
        "It waited too long and the need went away.",
    ),
    (
        (
            ("They dispute $18k of extra work from the last installation.", "Go through the list line by line with their project lead"),
            ("Agreed on most; $6k stays open.", "Let the $6k go if the next order is signed with it"),
        ),
        "Settled together with the next order.",
        "We wrote off the open amount.",
    ),
    (
        (
            ("Permit for the new hall is late and our start-up crew is booked.", "Move the crew to another site and keep a second window"),
        ),
        "The permit came; we used the second window.",
        "The crew stood still for a week at our cost.",
    ),
    (
        (
            ("They ask for more and more small changes without paying for them.", "{rep} brings a price for each change to the next visit"),
            ("They accepted two of five prices.", "No more drawings until the change order is signed"),
        ),
        "Change order signed for most of it.",
        "We did the work and learned to ask earlier.",
    ),
    (
        (
            ("Nobody there has answered for four weeks.", "Visit without an appointment, with a part they need"),
        ),
        "They had changed the mail system. All is well.",
        "They had decided for somebody else in silence.",
    ),
    (
        (
            ("The pilot runs, but nobody wrote down what would count as a success.", "Agree three figures with their plant manager and measure for two weeks"),
            ("Two of the three figures are met.", "Go through the third with their night shift"),
        ),
        "All three figures met; the order follows.",
        "The third figure was never met.",
    ),
)  # fmt: skip
STALE = (
    "Nothing moved. I have asked twice and will drive there on {date}.",
    "No news from {name}, which is the news. {rep} tries the plant manager instead.",
    "Same as last week. I would like five minutes on it in the meeting.",
    "We wait for their answer. If there is none by {date} I escalate it to their owner.",
    "I had no time for it, and I should have. First thing on {date}.",
    "The visit had to be moved to {date}; until then it stands as it is.",
    "It has not changed, and I am not sure the action is still the right one.",
    "Quiet. I take it off {rep} and do it myself.",
    "They promised an answer twice. I count it as red.",
    "No change in the facts. The tone of the last call was friendlier.",
)
NEWS = (
    "First talk was better than feared.",
    "{rep} spoke to them on Friday. They are annoyed, not lost.",
    "I give it sixty per cent.",
    "Operations helps, which makes the difference.",
    "It will cost us a few days of engineering, and I think that is right.",
    "If it goes wrong it goes wrong this month.",
    "Their people like us. It is about money alone.",
    "I would like Tom’s view on how far we go.",
)
CEO = (
    "What would you do if this were your own money?",
    "I can be there in person. Would it help or hurt?",
    "How long do we give it before we stop?",
    "Who on our side has known them longest?",
    "I read the action. Is it enough for that amount?",
    "Please do not promise them anything on delivery before you have spoken to operations.",
    "Let us talk about this one first.",
    "I would rather lose it early than late.",
    "Good that it is on the list at all. Last year it would not have been.",
    "Take whoever you need for it this week.",
)
NOTES = (
    "Drive to {name} and sit down with the plant manager",
    "Bring a one-page plan for {name}",
    "Talk to Service about what {name} was promised",
    "Get a second contact at {name} by name",
    "Agree with Finance how far we go at {name}",
    "Site visit at {name} with operations",
    "Tell {name} in writing what we do by when",
    "Put the running-cost figures together for {name}",
)
CEO_NOTES = (
    "Call the owner of {name}",
    "Ask our insurer about {name}",
    "Decide how far we go on liability for {name}",
    "Get operations to hold a crew for {name}",
)
