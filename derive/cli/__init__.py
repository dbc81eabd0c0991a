"""The command line, one file per command; ``program`` puts them together and ends a run."""

from derive.cli.program import cli, main

__all__ = ["cli", "main"]
