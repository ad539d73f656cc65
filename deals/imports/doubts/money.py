"""What amounts count and in which currency they are. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from alignment.rules.currencies import CURRENCIES_IN_USE, codes_called
from deals.imports.doubts.doubt import Doubt, counted, numbered, quoted
from deals.imports.kinds.amounts import REFUSE
from deals.imports.questions import Question
from deals.rules.stages import stage_key
from deals.tables.cells import quote
from deals.tables.headings import split_unit

UNIT_CHOICES = (
    ("1", "Full amounts: 15000 is 15,000"),
    ("0.01", "Cents: 15000 is 150"),
    ("1000", "Thousands: 15 is 15,000"),
    ("1000000", "Millions: 1.5 is 1,500,000"),
)
_USUAL = ("USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK")


def about_money(doubt: Doubt) -> Iterator[Question]:
    if not doubt.answers.amount_unit:
        yield from _unit(doubt)
    for sign, named in doubt.survey.unclear_signs.items():
        codes = sorted(codes_called(sign), key=lambda code: (code not in _USUAL, code))
        yield Question(
            f"signs:{stage_key(sign)}",
            f"“{quote(sign)}” is written for several currencies. Say which one is meant; until then "
            f"{counted(named)} are refused.",
            quoted(named),
            tuple((code, code) for code in codes),
            is_required=False,
        )
    for code, named in doubt.survey.foreign.items():
        if doubt.answers.rates.get(code) != REFUSE:
            yield Question(
                f"rates:{code}",
                f"{counted(named)} in {code}: say how much one {code} is worth in {doubt.currency}, or they are "
                "refused. Write decimals with a point, thousands without a mark.",
                quoted(named),
                is_required=False,
            )
    yield from _converted(doubt)


def _converted(doubt: Doubt) -> Iterator[Question]:
    foreign = sum(doubt.survey.currencies.values()) - doubt.survey.currencies[doubt.currency]
    is_stated = doubt.answers.converted_currency or "converted_currency" in doubt.layout.columns
    header = doubt.layout.header_of("converted_amount")
    if not header or is_stated or not foreign or _names_currency(header):
        return
    if not doubt.survey.converted_agrees or doubt.survey.converted_differs:
        yield Question(
            "converted_currency",
            f"“{header}” holds amounts that the CRM has converted. Say into which currency.",
            (),
            tuple((code, code) for code in dict.fromkeys((doubt.currency, *_USUAL))),
        )


def _unit(doubt: Doubt) -> Iterator[Question]:
    headings = [(doubt.layout.header.number, doubt.layout.header_of("amount"))]
    headings += [(line.number, cell) for line in doubt.survey.titles for cell in line.cells]
    for row, heading in headings:
        scales = {unit.scale for unit in split_unit(heading)[1]} - {1}
        if scales:
            yield Question(
                "amount_unit",
                f"Row {row}: “{quote(heading)}” says that amounts are not in full. Say what they count.",
                numbered([row]),
                UNIT_CHOICES,
            )
            return
    if doubt.layout.format.may_count_cents and "amount" in doubt.layout.columns:
        name, header = doubt.layout.format.name, doubt.layout.header_of("amount")
        yield Question(
            "amount_unit",
            f"{name} writes some amounts in cents. Say what “{header}” counts.",
            (),
            UNIT_CHOICES[:2],
        )


def about_revenue(doubt: Doubt) -> Iterator[Question]:
    if doubt.survey.below_zero.count and not doubt.answers.negative:
        yield Question(
            "negative",
            f"{counted(doubt.survey.below_zero)} below zero. Are these credits?",
            quoted(doubt.survey.below_zero),
            (("credit", "Yes, they lower the revenue of their day"), ("refuse", "No, refuse these rows")),
        )
    if doubt.survey.without_kind.count and not doubt.answers.revenue_kind:
        yield Question(
            "revenue_kind",
            "The file does not say what kind of revenue it has.",
            quoted(doubt.survey.without_kind),
            (("won", "Won: orders"), ("invoiced", "Invoiced"), ("recurring", "Recurring, a year")),
        )


def _names_currency(header: str) -> bool:
    return any(unit.currency in CURRENCIES_IN_USE for unit in split_unit(header)[1])
