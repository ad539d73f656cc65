from decimal import Decimal

import pytest

from meetings.rules.decision_rights import Right, RightKind, right_within

RIGHTS = (
    Right(RightKind.DISCOUNT, Decimal(15)),
    Right(RightKind.TERMS, Decimal(60)),
    Right(RightKind.UNPAID, Decimal(5)),
    Right(RightKind.PEOPLE, text="Reps alone; managers with the CEO"),
    Right(RightKind.SPENDING, Decimal(20_000), currency="USD"),
)

WITHIN = [
    ("May I give Orbis a 12% discount?", RightKind.DISCOUNT),
    ("May I give Orbis a 15 % discount?", RightKind.DISCOUNT),
    ("Can we offer a discount of 12.5 percent", RightKind.DISCOUNT),
    ("May I give payment terms of 60 days?", RightKind.TERMS),
    ("Can I agree to net 45?", RightKind.TERMS),
    ("Can I agree to net 45 days?", RightKind.TERMS),
    ("Could we do 3 days of unpaid work for Halden?", RightKind.UNPAID),
    ("May I spend $15k on the fair?", RightKind.SPENDING),
    ("May I spend $15,000 on the fair?", RightKind.SPENDING),
    ("May I spend 15,000 USD on the fair?", RightKind.SPENDING),
    ("May I spend USD 15k on the fair?", RightKind.SPENDING),
    ("May I spend 15k on the fair?", RightKind.SPENDING),
    ("May I spend 15 k, as for the last fair?", RightKind.SPENDING),
    ("Can we give 4 days free of charge?", RightKind.UNPAID),
]
FOR_THE_CEO = [
    "May I give Orbis a 20% discount?",  # above the limit
    "May I give Orbis a discount?",  # no figure
    "May I give more than 10% discount?",
    "May I give 10-20% discount?",
    "May I give 10 to 15% discount?",
    "May I give 10% discount and 60 days to pay?",  # two rights
    "May I give a 10% discount on the 250k deal?",  # another figure
    "May I give another 10% discount?",  # on top of what is not known
    "Should we not give 10% discount?",
    "The 12% discount at Orbis was a mistake",  # asks nothing
    "Is a 12% discount usual here?",
    "May I hire a rep?",  # said in words
    "May I make an exception for Orbis on 10 days?",  # no such right is agreed
    "May I give 12 days of discount?",  # another unit
    "May I give a 0% discount?",
    "May I spend $15 million?",
    "May I spend 20,001 on the fair?",
    "May I spend 1.500 on the fair?",
    "May I spend €15k on the fair?",  # another currency
    "May I spend 15k CHF on the fair?",
    "May I spend 15,000 on the fair?",  # of what
    "May I spend the Q4 budget on the fair?",
    "May I spend the 2027 budget now?",
    "May I spend 50% of the budget?",
    "May I spend 10 days at Orbis?",
    "May I spend $10 days at Orbis?",
    "May I spend 5,000 a month?",
    "May I spend $5,000 a month?",
    "May I spend $5k monthly?",
    "May I spend $5k/month?",
    "May I spend $5k p.a.?",
    "May I spend 5k per year?",
    "May I spend 50 grand?",
    "May I spend $50 grand?",
    "May I spend 2MM?",
    "May I spend $2MM?",
    "May I spend 50kusd?",
    "May I spend 5 lakh?",
    "May I spend $5 lakh?",
    "May I spend 15,000 pounds?",
    "May I spend 15k pounds?",
    "May I spend 15k euros?",
    "May I spend C$20,000?",
    "May I spend ₹15k?",
    "May I spend $20,000.50?",
    "May I spend $15k twice?",
    "May I spend $15k and hire nobody?",
    "May I increase the budget by $15k?",
    "May I do 7.5 days free of charge?",
    "May I do 10,5 days unpaid?",
    "May I do 2 days free of charge a month?",
    "May I do 2 days unpaid weekly?",
    "May I extend the payment terms by 30 days?",
    "May I double the 30 days payment terms?",
    "May I agree to net 30 end of month?",
    "May I agree to net 30,5?",
    "May I give 10% more discount?",
    "May I give a further 10% discount?",
    "May I raise the discount by 10%?",
    "May I give 10% discount on top of the current one?",
    "May I give a 10% discount and a free year?",
    "May I give a 10% discount plus a free year?",
    "May I give a 10% discount or a free year?",
    "May I give two 10% discounts?",
    "May I give a discount of 10 percentage points?",
    "",
]


@pytest.mark.parametrize(("text", "kind"), WITHIN)
def test_a_question_within_a_right_is_the_leaders_to_decide(text: str, kind: RightKind):
    right = right_within(text, RIGHTS, is_question=True)
    assert right is not None and right.kind == kind


@pytest.mark.parametrize("text", FOR_THE_CEO)
def test_what_is_above_a_right_or_in_doubt_is_for_the_ceo(text: str):
    assert right_within(text, RIGHTS, is_question=True) is None


def test_an_issue_is_answered_only_if_it_asks():
    assert right_within("May I give Orbis a 12% discount?", RIGHTS, is_question=False)
    assert right_within("May I give Orbis a 12% discount", RIGHTS, is_question=False) is None


def test_without_rights_nothing_is_answered():
    assert right_within("May I give Orbis a 12% discount?", (), is_question=True) is None


def test_a_right_is_said_in_words():
    assert [right.in_words for right in RIGHTS] == [
        "Discounts: up to 15%",
        "Payment terms: up to 60 days",
        "Unpaid work: up to 5 days",
        "Hiring and dismissal: Reps alone; managers with the CEO",
        "Spending: up to {20000}",
    ]
    assert Right(RightKind.DISCOUNT).in_words == "Discounts: the CEO decides"
