"""A field repeats the amount it understood, or asks."""

import pytest

from tests.factories import make_deal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "currency", "said"),
    [
        ("1.2m", "USD", "= $1,200,000"),
        ("1,2", "USD", "= $1.20"),
        ("-5", "USD", "= −$5"),
        ("2.500", "USD", "This can be 2500 or 2.5. Write it as one of these."),
        ("€130 000", "USD", "This amount is in €, but amounts here are in USD."),
        ("<b>5", "USD", "This is not an amount. Enter digits, for example 1250 or 1.2m."),
        ("", "USD", ""),
        ("5", "", ""),
    ],
)
def test_what_was_understood_is_said(cast, as_, text, currency, said):
    answer = as_(cast.leader).get("/amount/", {"currency": currency, "exposure": text})
    assert (answer.status_code, answer.content.decode()) == (200, said)


def test_it_is_said_in_the_readers_way(cast, as_):
    cast.leader.locale = "de-DE"
    cast.leader.save()
    answer = as_(cast.leader).get("/amount/", {"currency": "EUR", "amount": "2.500"})
    assert answer.content.decode() == "= 2.500\N{NO-BREAK SPACE}€"


def test_the_field_asks_for_it(cast, as_):
    deal = make_deal(team=cast.north)
    page = as_(cast.leader).get(f"/deals/{deal.pk}/").content.decode()
    assert "/amount/?currency=USD" in page
    assert 'class="understood' in page
