"""Optional tools: a missing one skips a test on a user's machine and fails it under CI."""

import os

import pytest


def need(found: object, reason: str) -> None:
    """Skip the test with the reason unless the tool was found; fail where CI=true."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
