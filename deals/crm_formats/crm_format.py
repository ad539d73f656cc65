"""What an export of a CRM looks like: headers and stage names by language. Data; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deals.rules.stages import StageWords

NO_WORDS = StageWords()
Headers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmFormat:
    """One kind of export in one language. Headers and stages are written as `deals.imports.columns.normalize`
    and `deals.rules.stages.stage_key` leave them: in lower case, "_" as a blank.

    `headers`: role → the headers it may have; where a role decides nothing, the first that is there is read.
    `marks`: sets of headers of which one, whole, proves the format. `locale` says how it writes amounts, unless the
    file shows otherwise. Ids of one `source` are ids of one CRM, in whatever language it exports. `divisors`: headers
    whose amounts are written in a part of the unit; `may_count_cents`: that is asked.
    """

    key: str
    name: str
    kind: str = "deals"
    language: str = "en"
    source: str = ""
    locale: str = "en-US"
    headers: Headers
    marks: tuple[frozenset[str], ...] = ()
    stages: StageWords = NO_WORDS
    spellings: Mapping[str, str] = field(default_factory=dict)  # of products: as exported → as sold
    divisors: Mapping[str, int] = field(default_factory=dict)
    may_count_cents: bool = False
    result_is_in_status: bool = False
    """A stage is only where a deal stood: without the status column nobody knows how it ended."""
    names_itself: bool = False
    """Its modules can be renamed: "<Module> Name" beside "<Module> Owner" are the deal's name and owner."""

    def __post_init__(self) -> None:
        assert self.key, "a format needs a key that answers can name"


def marks(*headers: str | tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """Each of these headers alone, or each of these groups together."""
    return tuple(frozenset((mark,) if isinstance(mark, str) else mark) for mark in headers)
