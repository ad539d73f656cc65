"""What follows a deal that goes into another: what was asked and promised about it."""

from deals.same_deals.following_rows import register_following
from meetings.models import Commitment, Decision, Issue

register_following(Issue, Commitment, Decision)
