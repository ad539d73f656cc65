LOW_RATING = (
    "We ran out of time for the issues.",
    "Too much about one deal.",
    "The preparation came late, so I had to read it in the meeting.",
    "We talked about the past for twenty minutes.",
    "No decision on delivery times.",
    "Started late and I had to leave on time.",
)
THEN = (
    "I will know more on {date}.",
    "{rep} is staying on it.",
    "Nothing needed from you.",
    "I will ask again on {date}.",
    "If it moves, I will tell you the same day.",
    "The next step is ours.",
    "The next step is theirs.",
    "I would like your view.",
    "Operations knows about it.",
    "Two visits are planned.",
    "I will give it until {date}.",
    "{rep} and I will talk about it on {date}.",
    "My gut feeling is better than the facts.",
    "My gut feeling is worse than the facts.",
    "It costs us nothing to wait a week.",
)
DROPPED = (
    "The customer stopped the project.",
    "Somebody else did it in the meantime.",
    "No longer needed after we lost the deal.",
    "We decided on another approach in the meeting.",
    "They went silent; it is now a risk.",
    "Not worth the trip, as agreed by phone.",
)
FACILITATOR = (
    (
        "You spent the first ten minutes explaining the number to each other. You both already know "
        "it. Start with what will change."
    ),
    "I heard “we should” five times and no name. Please leave with an owner and a date for each.",
    "Good meeting. The delivery times question was the first one this month that you really answered.",
    "The same deal has been on the agenda for weeks with a new comment each time. What would make you drop it?",
    "Lately all issues come from one side. Ask yourselves why.",
    "Good that you voiced the disagreement. Write down what you agreed, not only what you discussed.",
    "Two commitments by the leader, none by the CEO. Is that how the week will go?",
    "Try taking risks before deals for a month and see what happens.",
)
DECISIONS = (
    "We quote delivery times only after operations has confirmed them.",
    "No discount above 5% unless we both agree.",
    "{rep} keeps the account for another quarter.",
    "We do not chase used-equipment deals this year.",
    "We sell spare parts in bundles of at least $5k.",
    "The CEO tells the rep before calling a customer.",
    "We take the smaller order first and leave the second site open.",
    "Engineering gives sales two fixed days a month.",
    "We stop quoting where we have not met the decision maker.",
    "Service joins the first visit at every new plant.",
    "The open day moves to the first week of the quarter.",
    "A deal pushed three times leaves the forecast until the customer confirms in writing.",
    "We offer leasing from $60k.",
    "We hire one inside salesperson next quarter.",
    "List prices go up by 3%; renewals are exempt for six months.",
    "Reps send quotes up to $20k without approval.",
)
