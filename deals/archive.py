"""What an admin may read in an archive of what this room keeps: revenue. Deals and risks are for who sits on the team."""

from alignment.archives.kinds import facts

facts("deals.RevenueEntry")
