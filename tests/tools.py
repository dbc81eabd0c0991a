"""Optional tools: a missing one skips a test on a user's machine and fails it under CI."""

import os
from importlib import import_module
from types import ModuleType

import pytest

from derive.site.npm import command


def need(found: object, reason: str) -> None:
    """Skip the test with the reason unless the tool was found; fail where CI=true."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def reached(found: object, reason: str) -> None:
    """Skip the test with the reason unless something was fetched from elsewhere, under CI too."""
    if not found:
        pytest.skip(reason)


def package(name: str) -> ModuleType:
    """A package that a module of tests needs: it is skipped without, and fails where CI=true."""
    if os.environ.get("CI") == "true":
        return import_module(name)
    found: ModuleType = pytest.importorskip(name)
    return found


def program(name: str) -> list[str]:
    """What starts node or npm: the machine's own, or the wheel's that the test extra brings."""
    try:
        return command(name)
    except ModuleNotFoundError:
        need(False, f'{name} is not installed: pip install -e ".[site]" brings it')
    return []
