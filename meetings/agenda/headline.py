"""The first sentence: what matters today. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from alignment.money import compact
from alignment.templatetags.figures import NUMBERS
from meetings.agenda.chapters import DealsChapter, RevenueChapter, RisksChapter
from meetings.agenda.values import Promise


def headline(
    revenue: RevenueChapter, deals: DealsChapter, risks: RisksChapter, promises: Iterable[Promise]
) -> str:
    """One sentence in plain words, the most pressing first. Amounts without decimals, in the words of the company."""
    said = [_gap(revenue), _deals(deals), _kept(promises), _risks(risks)]
    clauses = [clause for clause in said if clause][:3]
    if len(clauses) > 1:
        clauses = [", ".join(clauses[:-1]) + (", and " if len(clauses) > 2 else " and ") + clauses[-1]]
    return clauses[0][0].upper() + clauses[0][1:] + "."


def _gap(chapter: RevenueChapter) -> str:
    gap, before = chapter.gap, chapter.gap_before
    if gap is None:
        return "no goal is set for this quarter"
    size = f"{{{abs(gap)}}}"
    if gap >= 0:
        return (
            f"the quarter is {size} ahead of its goal to date"
            if gap
            else "the quarter is exactly at its goal to date"
        )
    if before is None or before >= 0:
        return f"the quarter is {size} behind its goal to date"
    if gap == before:
        return f"the gap is still {size}"
    return f"the gap {'grew' if gap < before else 'shrank'} to {size}"


def _deals(chapter: DealsChapter) -> str:
    pushed = sum("pushed_out" in row.kinds for row in chapter.rows)
    lost = sum(row.status == "lost" for row in chapter.rows)
    if pushed:
        return f"{counted(pushed, 'big deal')} moved out"
    if lost:
        return f"{counted(lost, 'big deal')} {'was' if lost == 1 else 'were'} lost"
    return (
        f"{counted(len(chapter.won), 'big deal')} {'was' if len(chapter.won) == 1 else 'were'} won"
        if chapter.won
        else ""
    )


def _kept(promises: Iterable[Promise]) -> str:
    owed = [promise for promise in promises if not promise.fresh and (promise.late or not promise.is_open)]
    broken = sum(promise.tick == "broken" for promise in owed)
    if not owed:
        return ""
    if not broken:
        return (
            "every commitment of last week was kept"
            if all(promise.state == "done" for promise in owed)
            else ""
        )
    if len(owed) == 1:
        return "the one commitment due was not kept"
    count = NUMBERS[broken] if broken <= 10 else str(broken)
    return f"{count} of {counted(len(owed), 'commitment')} {'was' if broken == 1 else 'were'} not kept"


def _risks(chapter: RisksChapter) -> str:
    stale = sum(row.is_stale for row in chapter.rows)
    return (
        f"{counted(stale, 'risk')} {'has' if stale == 1 else 'have'} not moved for two meetings"
        if stale
        else ""
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun, in words up to ten."""
    word = NUMBERS[number] if number <= 10 else str(number)
    return f"{word} {noun}{'' if number == 1 else 's'}"


def amounts(sentence: str, *, currency: str, locale: str) -> str:
    """The sentence with its amounts (in braces) written for a reader."""
    head, *rest = sentence.split("{")
    written = [head]
    for part in rest:
        number, _, tail = part.partition("}")
        written.append(compact(Decimal(number), currency=currency, locale=locale) + tail)
    return "".join(written)
