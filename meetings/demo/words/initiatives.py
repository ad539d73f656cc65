PROGRESS = (
    "At {value} now, target {target}. The next step is in the calendar.",
    "{value} of {target}. Slower than planned because closing the quarter took our time.",
    "We are at {value}. Two of the reps started using it on their own.",
    "No new figure this week; the last one was {value}.",
    "{value}, and for the first time I notice it in how people talk.",
    "At {value}. I owe you the written plan for the second half.",
    "It went to {value} and stayed there. I would not call it progress yet.",
    "{value} against {target}. If it does not move in two weeks, I will change the plan.",
    "The work is done; the figure ({value}) does not show it yet.",
    "Little time for it this week. Still {value}.",
    "We tried it with two customers and both got it at once. {value} so far.",
    "Half the team is trained; the {value} is theirs.",
)
A_REP = (
    "{value} this week. He does it without being reminded now.",
    "{value} of {target}. We went on two visits together; he listens better than he did.",
    "At {value}. The talk after the last visit was hard but good.",
    "{value}. I do not know yet which way it goes.",
    "He is at {value} and knows the date of the next review.",
    "{value}. The first visit he planned alone was his best so far.",
)
CEO = (
    "I am on board. Keep the figure simple.",
    "Who does the work when you are on the road?",
    "I like it. What do we stop doing for it?",
    "The figure moves, but does it earn anything yet?",
    "Please show me one customer who noticed.",
    "Is the target still the right one?",
    "I would slow this down until the quarter is safe.",
    "Let’s look at it again in a month with the figure in hand.",
)
NOTES = (
    "Write down the next three steps of “{name}”",
    "Get one customer’s feedback on “{name}”",
    "Plan the training days for “{name}” with {rep}",
    "Send the figures behind “{name}”",
    "Agree with marketing who does what for “{name}”",
)
CEO_NOTES = (
    "Approve or send back the plan for “{name}”",
    "Find the budget for “{name}”",
)
NOT_YET = (
    "I want to know what it costs in support hours before we push it.",
    "First show me who does the work while you are travelling.",
    "The target is too soft. What would we be proud of?",
)
