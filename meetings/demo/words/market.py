"""What is known of deals and accounts besides their money: next steps, reasons, people. All invented."""

NEXT_STEPS = (
    "Site visit with their plant manager",
    "Send the revised offer",
    "Call their CFO about the payment terms",
    "Reference visit at another plant",
    "Technical review with both engineers",
    "Get the contract back from their lawyers",
    "Present to the steering group",
    "Agree the start-up date",
)
LOST = (
    ("delay", "Ten weeks of delivery time against our fourteen."),
    ("offer", "A cheaper offer, about 12% below ours."),
    ("no_decision", "They keep what they have for another two years."),
    ("priorities", "Their new owner buys from one supplier for all plants."),
    ("budget", "The money went into another site."),
    ("people", "We never met the person who decides."),
)
WON = (
    ("offer", "The only offer that covered installation and training."),
    ("people", "Their plant manager knew us from the last line."),
    ("priorities", "They had to be ready before their season."),
    ("budget", "The money had to be spent this year."),
)
PUSH_KINDS = (
    ("board", "no_decision"),
    ("budget", "budget"),
    ("money", "budget"),
    ("CFO", "budget"),
    ("grant", "budget"),
    ("prices", "budget"),
    ("Legal", "legal"),
    ("Purchasing", "legal"),
    ("permit", "legal"),
    ("insurer", "legal"),
    ("Our drawings", "delay"),
    ("headquarters", "priorities"),
    ("merging", "priorities"),
    ("leave", "priorities"),
    ("union", "priorities"),
    ("season", "priorities"),
)
"""By a word of the reason for a push, its kind."""

FIRST = ("Mira", "Jon", "Elena", "Karl", "Priya", "Tomas", "Ines", "Victor", "Lena", "Omar", "Ruth", "Silas")
LAST = ("Holm", "Baker", "Sorel", "Nagy", "Patel", "Quist", "Moreau", "Wren", "Falk", "Iqbal", "Stone", "Tan")
TITLES = (
    ("Plant manager", "director", "champion"),
    ("CFO", "c_level", "pays"),
    ("Managing director", "c_level", "decides"),
    ("Head of purchasing", "director", "influences"),
    ("Maintenance lead", "manager", "influences"),
    ("Project engineer", "specialist", "against"),
)
WHAT_MATTERS = (
    "Uptime in the peak season; price comes second.",
    "A start-up date that holds.",
    "Service within a day, in their language.",
    "No surprises in the payment plan.",
)
