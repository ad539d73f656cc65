"""A heading that says another currency, or thousands, is no heading of amounts in full."""

import pytest

from deals.tables.headings import describe_unit, is_currency_heading, split_unit, stated_code


@pytest.mark.parametrize(
    ("heading", "name", "problem"),
    [
        ("Amount", "Amount", ""),
        ("Amount (USD)", "Amount", ""),
        ("Amount in US dollars", "Amount", ""),
        ("Amount ($)", "Amount", ""),
        ("Amount (EUR)", "Amount", "says EUR"),
        ("Amount EUR", "Amount", "says EUR"),
        ("EUR Amount", "Amount", "says EUR"),
        ("Amount [€]", "Amount", "says €"),
        ("Betrag in €", "Betrag", "says €"),
        ("Montant en euros", "Montant", "says euros"),
        ("Amount (A$)", "Amount", "says A$"),
        ("Umsatz in TEUR", "Umsatz", "says EUR"),
        ("Umsatz T$", "Umsatz", "not in full"),
        ("Revenue (in k$)", "Revenue", "not in full"),
        ("Revenue ($ thousands)", "Revenue", "not in full"),
        ("Revenue, USD in thousands", "Revenue", "not in full"),
        ("Revenue (000s)", "Revenue", "not in full"),
        ("Revenue $000", "Revenue", "not in full"),
        ("Amount (k)", "Amount", "not in full"),
        ("Amount in Mio.", "Amount", "not in full"),
        ("Team / k€", "Team", "says €"),
        ("in k$", "", "not in full"),
        ("All amounts (in 1,000 USD)", "All amounts", "not in full"),
        ("Currency: EUR", "Currency", "says EUR"),
    ],
)
def test_a_unit_in_a_heading_is_seen(heading, name, problem):
    assert split_unit(heading)[0] == name
    assert problem in describe_unit(heading, "USD")
    assert bool(problem) is bool(describe_unit(heading, "USD"))


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Amount won",
            "Amount (won)",
            "All",
            "Closed in May",
            "Sum",
            "Amount (converted)",
            "Top deals",
            "Try again",
        ),
        *(
            "Team",
            "North",
            "Total",
            "Won",
            "Real amount",
            "Invoice no.",
            "T",
            "K",
            "M",
            "Amount m",
            "Team (all)",
        ),
        *("Opportunities in all regions", "Filter: open", "2026", "Q1", "Jan 2027", ""),
    ],
)
def test_a_word_that_only_looks_like_a_unit_is_none(heading):
    assert split_unit(heading) == (heading, [])


def test_the_code_and_the_heading_of_a_column_of_codes_are_known():
    assert (stated_code("Amount (EUR)"), stated_code("Amount (€)"), stated_code("Amount")) == ("EUR", "", "")
    assert is_currency_heading("Betrag Währung")
    assert not is_currency_heading("Amount")
