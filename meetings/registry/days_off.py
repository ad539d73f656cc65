"""What a change of holidays means for meetings."""

from alignment.company.holidays import register_guard
from meetings.transitions.due_times import keep_due_times_of_company_from_past

register_guard(keep_due_times_of_company_from_past)
