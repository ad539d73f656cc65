"""North's initiatives, today's and those that ended."""

from meetings.demo.story import StoryInitiative

INITIATIVES = (
    StoryInitiative(
        "Mid-market playbook",
        "market",
        (
            "Two reps sell to mid-size plants only, with fixed packages, one price list and installation "
            "in five weeks. Dana leads it."
        ),
        "Deals between $20k and $80k a month",
        ("6", "14", "9"),
        21,
        health="behind",
        decisions=((19, "agreed", ""),),
        new_plan=(
            0.5,
            (
                "All four reps sell the fixed packages, each to ten named mid-size plants. Dana keeps "
                "the price list; installation in five weeks is offered only where operations has "
                "confirmed it."
            ),
        ),
    ),
    StoryInitiative(
        "Ask every plant for a name",
        "referrals",
        (
            "After each start-up the rep asks the plant manager for one introduction, in person, within "
            "four weeks."
        ),
        "Introductions a month",
        ("1", "6", "4"),
        17,
        decisions=((16, "agreed", ""),),
    ),
    StoryInitiative(
        "Controls software with every line",
        "product",
        (
            "Each offer for a line carries the monitoring software for the first year; Service sells the "
            "renewal."
        ),
        "Lines sold with software",
        ("10", "50", "26"),
        15,
        unit="%",
        health="behind",
        decisions=(
            (
                13,
                "not_yet",
                (
                    "I want to know what it costs in support hours before we push it. Bring the figure "
                    "for the ten sites that have it."
                ),
            ),
        ),
    ),
    StoryInitiative(
        "Pete back to quota by spring",
        "rep",
        (
            "One joint visit a week, one deal at a time, no new tenders. Reviews after 30, 60 and 90 "
            "days; then we decide."
        ),
        "Qualified first visits a week",
        ("2", "7", "5"),
        14,
        decisions=((14, "agreed", ""),),
    ),
    StoryInitiative(
        "One quote template",
        "skills",
        "Every rep writes the same two-page quote; engineering adds the drawing.",
        "Days from visit to quote",
        ("11", "4", "4"),
        103,
        decisions=((101, "agreed", ""),),
        ended=78,
        unit="days",
        outcome="Four days, steady for three months. It is how we work now.",
    ),
    StoryInitiative(
        "Breweries",
        "market",
        "Carl builds a list of forty breweries and visits two a week.",
        "Brewery customers",
        ("3", "12", "9"),
        96,
        decisions=((94, "agreed", ""),),
        ended=60,
        outcome="Nine of twelve. Carl can carry on without an initiative.",
    ),
    StoryInitiative(
        "Webinars with marketing",
        "marketing",
        "One webinar a month; sales picks the topic, marketing invites.",
        "Leads with a named project",
        ("0", "15", "4"),
        74,
        decisions=((72, "not_yet", "The target is too soft. What would we be proud of?"), (70, "agreed", "")),
        ended=52,
        outcome="Stopped. Four leads in five months; plant days bring more.",
    ),
    StoryInitiative(
        "Service contract with every start-up",
        "product",
        "The contract is on the table at acceptance, to be signed or declined.",
        "Start-ups with a contract",
        ("22", "60", "63"),
        58,
        decisions=((57, "agreed", ""),),
        ended=27,
        unit="%",
        outcome="Above target for months; Service takes it from here.",
    ),
    StoryInitiative(
        "Negotiation training",
        "skills",
        "Two days off site, then one deal each with a coach.",
        "Average rebate",
        ("7.5", "4", "4.6"),
        44,
        decisions=((43, "agreed", ""),),
        ended=22,
        unit="%",
        outcome="4.6%. The coach stays for one deal a quarter.",
    ),
)
