"""What every test shares: one run per family of the folder, repeatable random layers, one server.

The process that starts the workers serves the site to them all, at an address of its own.
"""

from pathlib import Path

import pytest
from hypothesis import settings

from derive.catalogue import FAMILIES
from tests.oracle import designs, native_design
from tests.web import Web

REPEATABLE = {"database": None, "deadline": None, "report_multiple_bugs": False}
settings.register_profile("repeatable", derandomize=True, max_examples=12, **REPEATABLE)
settings.register_profile("explore", max_examples=500, **REPEATABLE)
settings.load_profile("repeatable")  # pytest --hypothesis-profile=explore overrides

WEB = pytest.StashKey[Web]()


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.stash[WEB] = Web()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a worker where the server is."""
    web = node.config.stash[WEB]
    node.workerinput["web"] = (web.address, str(web.folder))


def pytest_unconfigure(config):
    if web := config.stash.get(WEB, None):
        web.close()


@pytest.fixture(scope="session")
def web(pytestconfig):
    """The address that is served to all workers, and the folder above it, empty at first."""
    if found := getattr(pytestconfig, "workerinput", {}).get("web"):
        return found[0], Path(found[1])
    own = pytestconfig.stash[WEB]
    return own.address, own.folder


DESIGNS = [design for entry in FAMILIES.values() for design in designs(entry)]


@pytest.fixture(scope="session", params=FAMILIES.values(), ids=FAMILIES.keys())
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
