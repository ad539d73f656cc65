"""`python -m alignment.ops.healthcheck`: exit 0 when the site answers on this machine; for the image's health check.

`python -m alignment.ops.healthcheck http://web:8000/readyz sweep`: exit 0 when the site reports that the sweep runs,
which beat asks for and a worker does.
"""

import json
import os
import sys
import urllib.error
import urllib.request

RUNNING = ("ok", "with failures")


def answer_of(address: str, host: str) -> bytes | None:
    """What the site answers there, None if it does not, or is not ready."""
    request = urllib.request.Request(address, headers={"Host": host})  # noqa: S310  # given by the operator
    try:
        with urllib.request.urlopen(request, timeout=2.5) as response:  # noqa: S310
            body: bytes = response.read()
            return body
    except (urllib.error.URLError, OSError):
        return None


def is_healthy(answer: bytes | None, part: str | None) -> bool:
    """`part` is a key of /readyz that has to say that it runs."""
    if answer is None or part is None:
        return answer is not None
    return json.loads(answer).get(part) in RUNNING


if __name__ == "__main__":
    where, *parts = sys.argv[1:] or [f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"]
    name = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()
    sys.exit(0 if is_healthy(answer_of(where, name), next(iter(parts), None)) else 1)
