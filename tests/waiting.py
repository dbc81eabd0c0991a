"""Looking at a state again and again until it is there."""

import time

import pytest

PATIENCE = 180  # seconds that any wait may take on a machine that is busy with something else
PAUSE = 0.02  # seconds between two looks


def waited(until):
    """What a state says once it says something; the test fails if it never does."""
    for _ in range(round(PATIENCE / PAUSE)):
        if found := until():
            return found
        time.sleep(PAUSE)
    return pytest.fail("it did not come to that")
