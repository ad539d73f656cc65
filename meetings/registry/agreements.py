"""What of a quarter the CEO and the sales leader agree on."""

from alignment.agreements.subjects import register
from meetings.agreement.subjects import SUBJECTS_OF_QUARTER

for subject in SUBJECTS_OF_QUARTER:
    register(subject)
