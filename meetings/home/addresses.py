"""The addresses a row of the home page leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a view for many rows: Django looks it up once, each row fills in its own part."""

    before: str
    after: str

    @classmethod
    def of_view(cls, name: str, sample: int | str) -> Self:
        """`sample` is an argument that the view would take, found nowhere else in its address."""
        before, after = reverse(name, args=[sample]).split(str(sample))
        return cls(before, after)

    def of(self, argument: int | str) -> str:
        """`argument` is an id or a slug: nothing in it needs to be quoted."""
        return f"{self.before}{argument}{self.after}"


class Addresses:
    """Those of one page."""

    def __init__(self) -> None:
        self.team = Address.of_view("meetings:team", "some-team-of-ours")
        self.review = Address.of_view("meetings:review", 987654321)
        self.present = Address.of_view("meetings:present", 987654321)
        self.first_days = Address.of_view("meetings:first_days", "some-team-of-ours")
        self.expectation = Address.of_view("meetings:expectation", 987654321)
        self.check_in = Address.of_view("meetings:check_in", 987654321)
        self.heads_ups = Address.of_view("meetings:heads_ups", "some-team-of-ours")
        self.rate = Address.of_view("meetings:rate", 987654321)
