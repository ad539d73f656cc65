"""How many records of meetings a company has."""

from alignment.models import Company
from alignment.registry.row_counts import holds
from meetings.models import Record


@holds("closed record", "closed records", closed=True)
def records(company: Company) -> int:
    return Record.objects.filter(meeting__team__company=company).count()
