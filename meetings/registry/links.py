"""What of meetings may be opened through a personal link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alignment.links.kinds import LinkKind, register_link_kind
from deals.models import Deal
from meetings.measures.requests import MEASURE
from meetings.models import Measure
from meetings.moved_dates.requests import MOVED_DATE


def open_deals(things: Iterable[int]) -> Mapping[int, str]:
    """Those still open: of a won or lost deal nobody needs to know why its date moved."""
    return dict(Deal.objects.open().filter(pk__in=set(things)).values_list("pk", "name"))


register_link_kind(
    LinkKind(
        name=MOVED_DATE, label="Why a date moved", url_name="meetings:moved_answer", titles_of=open_deals
    )
)


def asked_measures(things: Iterable[int]) -> Mapping[int, str]:
    """Those that somebody is still asked for."""
    rows = Measure.objects.current().filter(pk__in=set(things)).exclude(rep=None)
    return dict(rows.values_list("pk", "name"))


register_link_kind(
    LinkKind(
        name=MEASURE,
        label="A number each week",
        url_name="meetings:measure_answer",
        titles_of=asked_measures,
    )
)
