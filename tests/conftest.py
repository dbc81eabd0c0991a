"""What every test shares: one run per family of the folder, and repeatable random layers."""

import pytest
from hypothesis import settings

from derive import families
from tests.oracle import designs, native_design

REPEATABLE = {"database": None, "deadline": None, "report_multiple_bugs": False}
settings.register_profile("repeatable", derandomize=True, max_examples=12, **REPEATABLE)
settings.register_profile("explore", max_examples=500, **REPEATABLE)
settings.load_profile("repeatable")  # pytest --hypothesis-profile=explore overrides

DESIGNS = [design for entry in families.values() for design in designs(entry)]


@pytest.fixture(scope="session", params=families.values(), ids=families.keys())
def entry(request):
    """Every family of the catalogue in turn: a new file in derive/families is tested unasked."""
    return request.param


@pytest.fixture(scope="session")
def native(entry):
    """Every family on the axes it is written for."""
    return native_design(entry)


@pytest.fixture(scope="session", params=DESIGNS, ids=map(str, DESIGNS))
def design(request):
    """Every family on images of one, two and three axes, wherever it has a form there."""
    return request.param
