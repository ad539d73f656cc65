LOW_RATING = (
    "We ran out of time for the issues.",
    "Too much about one deal.",
    "The preparation came late, so I read it in the room.",
    "We talked about the past for twenty minutes.",
    "I left without a decision on delivery times.",
    "Started late and I had to leave on time.",
)
DROPPED = (
    "The customer stopped the project.",
    "Done by somebody else meanwhile.",
    "No longer needed after we lost the deal.",
    "We chose another way in the meeting.",
    "They went silent; it moved to the risks.",
    "Not worth the travel, as agreed by phone.",
)
FACILITATOR = (
    "You spent the first ten minutes explaining the number to each other. You both already know it. Start with what changes.",
    "I heard “we should” five times and no name. Please leave the room with a name and a day on each.",
    "Well held. The question on delivery times was the first one this month that you answered to the end.",
    "The same deal has been on the page for weeks with new words each time. What would make you take it off?",
    "I notice that issues come only from one side lately. Ask yourselves why.",
    "Good that the disagreement was said aloud. Write down what you agreed, not only what you discussed.",
    "Two commitments of the leader, none of the CEO. Is that how the week will be?",
    "I would move risks before deals for a month and see what happens.",
)
DECISIONS = (
    "We quote delivery times only after operations has confirmed them.",
    "No rebate above 5 % without a word between the two of us.",
    "{rep} keeps the account for another quarter.",
    "We do not chase used-equipment deals this year.",
    "Spare parts go out in bundles of at least $5k.",
    "The CEO calls a customer only after the rep has been told.",
    "We take the smaller order first and leave the second site open.",
    "Engineering gives sales two fixed days a month.",
    "We stop quoting where we have not met who decides.",
    "Service joins the first visit at every new plant.",
    "The open day moves to the first week of the quarter.",
    "A deal that moves three times leaves the forecast until the customer writes to us.",
    "Leasing is offered from $60k on.",
    "We hire one inside-sales person in the next quarter.",
    "The price list rises by 3 %, renewals are spared for half a year.",
    "Reps send quotes themselves up to $20k.",
)
