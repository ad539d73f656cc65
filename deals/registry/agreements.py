"""What of deals the CEO and the sales leader agree on."""

from alignment.agreements.subjects import register
from deals.mix.subject import MIX

register(MIX)
