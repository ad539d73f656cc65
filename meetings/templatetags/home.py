"""The article of one team on the home page. Markup made here and not in a partial: the page may hold two hundred."""

from html import escape  # Django's own does the same, and looks for lazy texts first

from django import template
from django.utils.safestring import SafeString, mark_safe

from alignment.templatetags.charts import bullet, dots
from meetings.home.rows import address
from meetings.home.values import TeamRow

register = template.Library()


@register.simple_tag
def team_article(row: TeamRow) -> SafeString:
    """Who and when, the gap or whether there is a goal, the habit, the state, and why it needs attention."""
    history = escape(address("meetings:team", row.slug))
    red = ' <span class="status bad">Missed too often</span>' if row.red else ""
    join = f' <a href="{escape(row.join)}">Join</a>' if row.join else ""
    return mark_safe(  # noqa: S308  # every word put in is escaped where it is put in
        f'<article class="team{" team--red" if row.red else ""}">'
        f'<div><h2><a href="{escape(row.href)}">{escape(row.name)}</a></h2><small>{escape(row.leader)} · {escape(row.when)}</small></div>'
        f'<div>{_money(row)}</div><div><small><a href="{history}">Held</a></small><div>{dots(row.outcomes)}</div></div>'
        f'<div><span class="status {row.tone}">{escape(row.status)}</span>{join}{red}</div>{_why(row)}</article>'
    )


def _money(row: TeamRow) -> str:
    standing = row.standing
    if standing is None:
        to_set = f'<a href="{escape(address("deals:team_goals", row.slug))}">is not set</a>'
        return f"<small>Goal of the quarter</small><div>{'is set' if row.goal_is_set else to_set}</div>"
    was = f" <small>was {escape(row.was)}</small>" if row.was else ""
    bar = bullet(standing.actual, standing.due, standing.goal, standing.m, small=True)
    return f'<small>Gap, quarter to date</small><div class="num {row.gap_tone}">{escape(row.gap)}{was}</div>{bar}'


def _why(row: TeamRow) -> str:
    if row.record:
        return f'<p class="why"><a href="{escape(row.record)}">Record of {escape(row.record_of)}</a></p>'
    said = f' <span class="muted">{escape(row.acknowledged)}</span>' if row.acknowledged else ""
    return f'<p class="why">{escape(row.why)}{said}</p>' if row.why or said else ""
