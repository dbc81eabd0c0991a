"""Looking at a state again and again until it is there."""

import time

import pytest

LOOKS, PAUSE = 9000, 0.02  # three minutes for a busy machine; seconds between two looks


def waited(until):
    """What a state says once it says something; the test fails if it never does."""
    for _ in range(LOOKS):
        if found := until():
            return found
        time.sleep(PAUSE)
    return pytest.fail("it did not come to that")
