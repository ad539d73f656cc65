"""What only a person can say is asked all at once, with the rows that show the doubt; the answers settle it."""

from dataclasses import replace

import pytest

from deals.imports.answers import UNANSWERED, Answers, AnswersError
from deals.imports.questions import OpenQuestionsError
from deals.imports.understanding import format_choices, headers_key, role_choices, understand
from tests.deals.imports.engine import lines, needed, reasons, rows_of, table, terms, understood, values

HEADERS = ("id", "name", "stage", "amount", "close date")


def questions(content, **options):
    return {question.key: question for question in understood(content, **options).questions}


def test_everything_is_asked_at_once():
    content = table(
        ("name", "stage", "amount", "close date"),
        ("A", "Signed", "15.000", "3/4/2026"),
        ("B", "Won Back", "1.250", "5/6/2026"),
        delimiter=";",
    )
    asked = needed(understood(content))
    assert asked == ["decimal_mark", "date_order", "stages:Signed", "stages:Won Back", "identity"]
    with pytest.raises(OpenQuestionsError) as refusal:
        rows_of(content)
    assert [question.key for question in refusal.value.questions] == asked


def test_answers_settle_what_was_asked():
    content = table(
        ("name", "stage", "amount", "close date"), ("A", "Signed", "15.000", "3/4/2026"), delimiter=";"
    )
    answers = UNANSWERED
    said = {"decimal_mark": ",", "date_order": "day", "stages:Signed": "won", "identity": "name"}
    for key, value in said.items():
        answers = answers.with_answer(key, value)
    (deal,) = values(content, answers=Answers.from_json(answers.to_json()))
    assert (deal.amount, deal.close_date.isoformat(), deal.status) == (15_000, "2026-04-03", "won")


def test_a_question_shows_at_most_five_rows_with_their_cells():
    rows = [(str(n), "A", "Signed", "5", "2026-03-01") for n in range(9)]
    question = questions(table(HEADERS, *rows))["stages:Signed"]
    assert [row.number for row in question.rows] == [2, 3, 4, 5, 6]
    assert question.rows[0].cells == ("0", "A", "Signed", "5", "2026-03-01")
    assert "(9 rows)" in question.sentence


@pytest.mark.parametrize(
    "stage",
    [
        *(
            "Won Back",
            "Lost Deal Review",
            "Closed - pending finance validation",
            "Abgeschlossen",
            "No decision",
        ),
        *("Auftrag erhalten", "Gagné", "Order received", "Closed", "Close", "Storniert", "Never won"),
    ],
)
def test_a_stage_that_only_sounds_like_an_end_is_asked_about(stage):
    assert needed(understood(table(HEADERS, ("1", "A", stage, "5", "2026-03-01")))) == [f"stages:{stage}"]


def test_a_column_with_too_many_different_stages_is_asked_about_as_a_column():
    rows = [(str(n), "A", f"Text {n}", "5", "2026-03-01") for n in range(60)]
    asked = questions(table((*HEADERS, "result"), *rows))["role:stage"]
    assert "60 different texts" in asked.sentence
    assert ("result", "result") in asked.choices


def test_each_stage_says_who_says_what_it_means():
    content = table(
        (*HEADERS, "status"),
        ("1", "A", "Stage 3", "5", "2026-03-01", "Won"),
        ("2", "B", "Stage 3", "5", "2026-12-01", "Beauftragt"),
    )
    stages = {
        stage.name: stage
        for stage in understood(content, answers=Answers(stages={"Beauftragt": "won"})).stages
    }
    assert {name: (stage.meaning, stage.said_by, stage.rows) for name, stage in stages.items()} == {
        "Won": ("won", "format", 1),
        "Beauftragt": ("won", "company", 1),
        "Stage 3": ("", "flags", 2),
    }


def test_any_table_is_understood_by_asking_for_its_columns_once():
    content = table(
        ("Nr", "Wer", "Was", "Wie", "Wieviel", "Wann"), ("7", "Anna", "Plant", "Won", "1250", "2026-03-01")
    )
    understanding = understood(content)
    assert (understanding.format, understanding.is_ready) == ("other", False)
    assert needed(understanding)[:4] == ["role:stage", "role:amount", "role:close_date", "role:name"]
    answers = UNANSWERED
    for role, column in {"stage": "Wie", "amount": "Wieviel", "close_date": "Wann", "name": "Was"}.items():
        answers = answers.with_answer(f"role:{role}", column)
    answers = answers.with_answer("columns:Nr", "external_id").with_answer("columns:Wer", "owner")
    (deal,) = values(content, answers=answers)
    assert (deal.external_id, deal.owner, deal.amount) == ("7", "Anna", 1250)


def test_two_columns_for_one_thing_are_asked_about_with_the_rows_that_differ():
    content = table(
        (*HEADERS, "value"),
        ("1", "A", "Won", "5", "2026-03-01", "5"),
        ("2", "B", "Won", "5", "2026-03-01", "7"),
    )
    question = questions(content)["role:amount"]
    assert "Both “amount” and “value” could be the amount" in question.sentence
    assert [row.number for row in question.rows] == [3]
    answers = UNANSWERED.with_answer("role:amount", "value")
    assert [deal.amount for deal in values(content, answers=answers)] == [5, 7]


def test_two_columns_that_hold_the_same_are_not_asked_about():
    content = table((*HEADERS, "value"), ("1", "A", "Won", "5", "2026-03-01", "5"))
    assert needed(understood(content)) == []


def test_a_column_without_a_header_refuses_its_rows_until_somebody_says_what_it_is():
    content = table(
        ("id", "name", "stage", "amount", "", "close date"), ("1", "A", "Won", "5", "x", "2026-03-01")
    )
    question = questions(content)["columns:Column E"]
    assert not question.is_required
    assert "“x” is under no header" in reasons(content)[0]
    assert values(content, answers=UNANSWERED.with_answer(question.key, "-"))


def test_a_mark_that_rows_contradict_is_asked_about_and_then_refused():
    content = table(
        HEADERS, ("1", "A", "Won", "1.250,50", "2026-03-01"), ("2", "B", "Won", "1,250.50", "2026-03-01")
    )
    assert [row.number for row in questions(content)["decimal_mark"].rows] == [2, 3]
    answers = Answers(decimal_mark=",")
    assert [deal.external_id for deal in values(content, answers=answers)] == ["1"]
    assert "has a point before its decimals" in reasons(content, answers=answers)[0]


@pytest.mark.parametrize(("locale", "is_asked"), [("en-US", False), ("de-DE", True)])
def test_amounts_of_a_table_in_another_language_than_the_companys_are_asked_about(locale, is_asked):
    content = table(HEADERS, ("1", "A", "Won", "15,000", "2026-03-01"))
    assert ("decimal_mark" in needed(understood(content, locale=locale))) is is_asked


def test_an_order_that_rows_contradict_is_asked_about_and_then_refused():
    content = table(HEADERS, ("1", "A", "Open", "5", "13/2/2026"), ("2", "B", "Open", "5", "2/13/2026"))
    assert [row.number for row in questions(content)["date_order"].rows] == [2, 3]
    assert "puts the month first" in reasons(content, answers=Answers(date_order="day"))[0]


def test_years_of_two_digits_are_told():
    understanding = understood(table(HEADERS, ("1", "A", "Open", "5", "13/2/26")))
    assert "two digits" in understanding.notes[0]
    assert "“13/2/26” in row 2" in understanding.notes[0]


def test_pipelines_and_record_types_may_be_left_out():
    content = table(
        (*HEADERS, "pipeline"),
        ("1", "A", "Won", "5", "2026-03-01", "Sales"),
        ("2", "B", "Won", "5", "2026-03-01", "Hiring"),
    )
    understanding = understood(content)
    assert dict(understanding.pipelines) == {"Sales": 1, "Hiring": 1}
    assert needed(understanding) == ["pipelines:Hiring", "pipelines:Sales"]
    answers = UNANSWERED.with_answer("pipelines:Hiring", "leave-out").with_answer("pipelines:Sales", "read")
    assert [row.category for row in rows_of(content, answers=answers)] == ["", "elsewhere"]


def test_a_win_without_its_day_is_asked_about():
    content = table(
        ("id", "name", "stage", "amount", "won on", "expected close"),
        ("1", "A", "Won", "5", "", "2026-03-01"),
    )
    assert needed(understood(content)) == ["won_when_expected"]
    assert values(content, answers=Answers(won_when_expected="yes"))[0].close_date.isoformat() == "2026-03-01"
    assert "“won on” is empty" in reasons(content, answers=Answers(won_when_expected="no"))[0]


def test_whether_the_list_is_complete_may_stay_open():
    assert not questions(table(HEADERS, ("1", "A", "Won", "5", "2026-03-01")))["completeness"].is_required


@pytest.mark.parametrize(
    "data", [{"colour": "red"}, {"stages": "won"}, {"date_order": 1}, {"rates": {"EUR": 1}}]
)
def test_answers_that_are_none_are_refused(data):
    with pytest.raises(AnswersError):
        Answers.from_json(data)


@pytest.mark.parametrize("key", ["colour", "stages", "date_order:x", "role:", ""])
def test_a_question_that_nobody_asks_has_no_answer(key):
    with pytest.raises(AnswersError):
        UNANSWERED.with_answer(key, "x")


def test_answers_go_to_json_and_back_and_can_be_taken_back():
    answers = Answers(
        stages={"Signed": "won"}, columns={"A": "amount"}, date_order="day", rates={"EUR": "1.1"}
    )
    assert Answers.from_json(answers.to_json()) == answers
    assert UNANSWERED.to_json() == {}
    assert answers.with_answer("stages:Signed", "").stages == {}
    assert answers.with_answer("date_order", "").date_order == ""


def test_headers_name_their_answers_in_whatever_order_and_case():
    first = headers_key(understood(table(HEADERS, ("1", "A", "Won", "5", "2026-03-01"))))
    other = headers_key(understood(lines("Close Date,ID,Stage,Name,AMOUNT", "2026-03-01,1,Won,A,5")))
    assert first == other
    assert first != headers_key(understood(lines("id,name,stage,value,close date", "1,A,Won,5,2026-03-01")))


def test_formats_and_roles_can_be_chosen():
    assert ("hubspot-deals", "HubSpot") in format_choices("deals")
    assert format_choices("revenue")[-1] == ("other", "a table of revenue")
    assert role_choices("deals")[0] == ("-", "Not read")


RATED = ("id", "name", "stage", "amount", "currency", "close date", "pipeline", "deleted", "owner")


def foreign(**changed):
    """A file with one row in euros that is not to be read, and one in dollars."""
    row = dict(zip(RATED, ("1", "A", "Open", "5", "EUR", "2027-03-01", "Hiring", "no", "Ann"), strict=True))
    ours = ("2", "B", "Open", "5", "USD", "2027-03-01", "Sales", "no", "Ben")
    return table(RATED, tuple((row | changed).values()), ours)


@pytest.mark.parametrize(
    ("changed", "answers", "elsewhere"),
    [
        ({}, {"pipelines": {"Hiring": "leave-out"}}, ()),
        ({"stage": "Test"}, {"stages": {"Test": "leave-out"}}, ()),
        ({"deleted": "yes"}, {}, ()),
        ({}, {}, ("Ann",)),
    ],
)
def test_a_rate_is_asked_only_for_rows_that_count(changed, answers, elsewhere):
    content = foreign(**changed)
    columns = {"columns": {"deleted": "is_deleted"}}

    def asks(said, left_out=frozenset()):
        options = {"kind": "deals", "answers": Answers.from_json(columns | said)}
        given = understand(content, terms=replace(terms(), elsewhere=left_out), **options)
        return "rates:EUR" in [question.key for question in given.questions]

    assert not asks(answers, frozenset(elsewhere))
    assert changed.get("deleted") or asks({})


def test_a_stage_that_only_rows_left_out_have_is_not_asked_about():
    content = foreign(stage="Screening of applicants")
    assert "stages:Screening of applicants" in needed(understood(content))
    left_out = Answers.from_json({"pipelines": {"Hiring": "leave-out"}})
    assert "stages:Screening of applicants" not in needed(understood(content, answers=left_out))
