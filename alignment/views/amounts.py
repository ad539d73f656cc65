"""What a field for an amount or a day understood, said beside it as one leaves it."""

from datetime import date

from django.http import HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from alignment.rules.currencies import CURRENCIES
from alignment.rules.formatting import longday
from alignment.rules.money import AmountError, Marks, parse_amount, show
from alignment.web.requests import Request

LONGEST = 40


@require_safe
def understood(request: Request) -> HttpResponse:
    """ "= $2,500", or what is unclear. The text is whatever field was sent beside the currency."""
    currency = request.GET.get("currency", "")
    names = (name for name in request.GET if name != "currency")
    text = request.GET.get(next(names, ""), "").strip()[:LONGEST]
    if not text or currency not in CURRENCIES:
        return HttpResponse()
    locale = request.user.locale
    try:
        amount = parse_amount(text, currency=currency, marks=Marks.habit(locale), allow_negative=True)
    except AmountError as error:
        return HttpResponse(escape(str(error)))
    return HttpResponse(escape(f"= {show(amount, currency=currency, locale=locale)}"))


@require_safe
def understood_day(request: Request) -> HttpResponse:
    """ "= Friday 4 December", or nothing where it is no day."""
    text = next(iter(request.GET.values()), "")
    try:
        day = date.fromisoformat(str(text)[:LONGEST])
    except ValueError:
        return HttpResponse()
    return HttpResponse(f"= {longday(day)}")
