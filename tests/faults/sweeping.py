"""A process that does the clock's work at each moment it is told: `python -m tests.faults.sweeping`, a line a moment.

It answers a line when that is done. Several of them told the same moments are several beats with several workers.
"""

import sys
from datetime import datetime

import django
import time_machine


def main() -> None:
    django.setup()
    from alignment.outbox.delivery import deliver_due
    from alignment.sweep.run import sweep

    for line in sys.stdin:
        now = datetime.fromisoformat(line.strip())
        with time_machine.travel(now):
            swept = sweep(now)
            became = deliver_due()
        print(swept, became, flush=True)


if __name__ == "__main__":
    main()
