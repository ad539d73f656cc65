"""`python -m alignment.health [ADDRESS]`: exit 0 when the site answers there; for the images' health checks."""

import os
import sys
import urllib.error
import urllib.request


def answers(address: str, host: str) -> bool:
    request = urllib.request.Request(address, headers={"Host": host})  # noqa: S310  # given by the operator
    try:
        with urllib.request.urlopen(request, timeout=2.5) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"
    name = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()
    sys.exit(0 if answers(where, name) else 1)
