"""The records of meetings that a company holds."""

from alignment.holding import holds
from alignment.models import Company
from meetings.models import Record


@holds("closed record", "closed records", closed=True)
def records(company: Company) -> int:
    return Record.objects.filter(meeting__team__company=company).count()
