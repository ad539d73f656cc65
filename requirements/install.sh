#!/bin/sh
# Usage: requirements/install.sh LOCK: install a hashed lock into .venv, which is made when missing.
set -eu
cd "$(dirname "$0")/.."
lock=$1
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

if [ ! -x .venv/bin/python ]; then
    python=
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && "$candidate" -c "$new_enough"; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "Alignment needs Python 3.11 or newer, and none was found. Install it and run this again." >&2
        exit 1
    fi
    if command -v uv >/dev/null; then
        UV_PYTHON_DOWNLOADS=never uv venv --quiet --seed --python "$python" .venv || "$python" -m venv .venv
    elif "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv .venv
    else
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        echo "This Python cannot make environments. Install the system package $version-venv" >&2
        echo "(Debian, Ubuntu: apt-get install $version-venv) and run this again." >&2
        exit 1
    fi
fi

echo "Installing $lock…"
if command -v uv >/dev/null &&
    uv pip install --quiet --require-hashes --python .venv/bin/python -r "$lock"; then
    exit 0
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
