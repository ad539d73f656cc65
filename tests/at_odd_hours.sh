#!/usr/bin/env bash
# Usage: tests/at_odd_hours.sh [what pytest takes]
# Everything but browser, fault and process tests, on SQLite, at hours and in zones at which dates go wrong.
# Each run takes as long as the tests do. Not part of .ci/run. Installs nothing: needs faketime and `make test`'s .venv.
set -uo pipefail
cd "$(dirname "$0")/.."
unset DATABASE_URL REDIS_URL DATA_DIR

if ! command -v faketime >/dev/null; then
    echo "faketime is missing. Install it (Debian, Ubuntu: apt-get install faketime) and run this again." >&2
    exit 1
fi
if ! .venv/bin/python -c 'import pytest, xdist, time_machine' 2>/dev/null; then
    echo "The packages of the tests are missing. Run \`make .venv/dev.stamp\` and then this again." >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Compiled files that carry a faked time are no use to anybody else.
export PYTHONPYCACHEPREFIX=$work/compiled
# Deadlines keep the real clock; faketime then refuses the call with which Python sleeps, so it sleeps by another.
export FAKETIME_DONT_FAKE_MONOTONIC=1 PYTHONPATH=$work
cat >"$work/sitecustomize.py" <<'PYTHON'
import select
import time


def sleep(seconds):
    select.select([], [], [], seconds)


time.sleep = sleep
PYTHON
failed=()

tests_at() { # ZONE MOMENT (UTC): what the machine's clock says and where it stands
    echo "== The machine's clock says $2 UTC, its zone is $1"
    TZ=$1 faketime -f "$(TZ=$1 date -d "$2 UTC" "+@%Y-%m-%d %H:%M:%S")" \
        .venv/bin/python -m pytest -q -n 2 --dist loadgroup -p no:cacheprovider \
        -m "not browser and not faults and not processes" "${arguments[@]}" || failed+=("$2 UTC in $1")
}
arguments=("$@")

# The tests happen at these very moments: nothing they say depends on the hour.
export ODD_HOURS=1
tests_at UTC "2026-12-31 23:50"
tests_at UTC "2027-02-28 12:00"
tests_at UTC "2027-03-28 01:30"
tests_at UTC "2027-10-31 00:59"

# The tests happen at their usual moment while the machine believes in another: nothing reads its clock or its zone.
unset ODD_HOURS
tests_at America/New_York "2031-07-04 12:00"
tests_at Pacific/Kiritimati "2031-07-04 12:00"

if [ ${#failed[@]} -gt 0 ]; then
    printf 'Failed at %s\n' "${failed[@]}" >&2
    exit 1
fi
