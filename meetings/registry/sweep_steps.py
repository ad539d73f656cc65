"""The steps of the sweep for this app, in this order: later steps build on the results of earlier ones."""

from alignment.sweep.steps import Step, register_step
from meetings.calendars import calendar_invites
from meetings.discipline import flags
from meetings.feedback_talk import answers as feedback_talks
from meetings.key_clients import requests
from meetings.measures import requests as measure_requests
from meetings.schedule import slots
from meetings.sweep import open_meetings, unheld_meetings
from meetings.sweep.reminders import REMINDER_KINDS

register_step(
    Step(
        name="meeting planning",
        unit="team",
        counts=("planned",),
        find=slots.find_teams_to_plan,
        do=lambda team, now: {"planned": slots.plan_teams([team], now)},
        do_many=lambda teams, now: {"planned": slots.plan_teams(teams, now)},
        id_of=int,
    )
)
register_step(
    Step(
        name="missed meetings",
        unit="meeting",
        counts=("missed", "excused"),
        find=unheld_meetings.find_past_start,
        is_due=unheld_meetings.is_unheld,
        do=unheld_meetings.mark_unheld,
    )
)
register_step(
    Step(
        name="open meetings",
        unit="meeting",
        counts=("closed",),
        find=open_meetings.find_in_progress,
        is_due=open_meetings.closes_itself,
        do=open_meetings.close_meeting,
    )
)
register_step(
    Step(
        name="escalation",
        unit="team",
        counts=("flags raised",),
        find=flags.find_unsettled_teams,
        do=lambda team, now: {"flags raised": flags.update_flags([team], now=now)},
        do_many=lambda teams, now: {"flags raised": flags.update_flags(teams, now=now)},
        id_of=int,
    )
)
register_step(
    Step(
        name="calendar invitations",
        unit="team",
        counts=("invited",),
        find=calendar_invites.find_teams,
        is_due=calendar_invites.is_changed,
        do=lambda team, now: {"invited": calendar_invites.update_calendar_invites(team, now)},
        id_of=lambda team: team.pk,
    )
)
for kind in REMINDER_KINDS:
    register_step(kind.step())
register_step(
    Step(
        name="key clients",
        unit="key client",
        counts=("clients asked about",),
        find=requests.find_due_clients,
        is_due=requests.is_due,
        do=requests.ask_owner,
    )
)
register_step(
    Step(
        name="measures",
        unit="measure",
        counts=("measures asked for",),
        find=measure_requests.find_missing,
        is_due=measure_requests.is_due,
        do=measure_requests.ask_for_value,
    )
)
register_step(
    Step(
        name="feedback talks",
        unit="feedback talk",
        counts=(),  # how many there were is for nobody to read
        find=feedback_talks.find_old,
        do=lambda pk, now: feedback_talks.delete_old([pk], now),
        do_many=lambda pks, now: feedback_talks.delete_old(list(pks), now),
        id_of=int,
    )
)
