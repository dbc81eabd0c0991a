"""The command line, to compare with."""

from tests.cli.conftest import derive as command

__all__ = ["command"]
