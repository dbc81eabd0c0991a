"""All generated pages and the navigation.

Run as a program it prints them as JSON; ``derived`` asks for them in a process of its own, so that
a server sees an edited module without a restart.
"""

import json
import subprocess
import sys
from typing import Any

from derive.notation.errors import CheckError, InputError

DERIVE = (sys.executable, "-m", "derive.site.book")


def derived() -> dict[str, Any]:
    """Pages by path and what the navigation's wildcards stand for; CheckError if a check fails."""
    run = subprocess.run(DERIVE, capture_output=True, text=True, check=False)
    if run.returncode:
        reason = (run.stderr.strip() or "no reason given").splitlines()[-1]
        raise CheckError(f"deriving the pages failed: {reason}")
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def main() -> None:
    """Print the book as JSON; a failed check or bad input in one line."""
    from derive.site.pages import navigation, pages

    try:
        print(json.dumps({"pages": pages(), "navigation": navigation()}))
    except (CheckError, InputError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
