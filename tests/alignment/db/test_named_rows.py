"""Rows as named tuples: each value is under the name of its column, whatever the order."""

from __future__ import annotations

from typing import NamedTuple

from alignment.db.named_rows import named_rows
from alignment.models import Seat
from tests.cast import Cast


class Holder(NamedTuple):
    person: str
    role: str
    team: int


def test_a_field_is_the_column_of_its_name_or_of_its_path(cast: Cast) -> None:
    seats = Seat.objects.current().filter(team=cast.north, role="ceo")
    (holder,) = named_rows(seats, into=Holder, person="user__name")
    assert (holder.person, holder.role, holder.team) == (cast.ceo.name, "ceo", cast.north.pk)
