"""What an admin may read in an archive of what this room keeps: when and whether the two met, not what they said."""

from alignment.archives.kinds import facts, shaped
from meetings.agenda.moving import AgendaShape, ReadersShape

facts("meetings.Meeting", but=("gap",))
facts("meetings.Move", "meetings.Reopening", but=("why",))
facts(
    "meetings.Meeting_recap_to", "meetings.Attendance", "meetings.Flag", "meetings.MissAnswer", "meetings.Correction",
    "meetings.Invitation",
)  # fmt: skip
shaped("meetings.Record", "agenda", AgendaShape())
shaped("meetings.Record", "pair_texts", ReadersShape())
