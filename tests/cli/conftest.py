"""The command line run in this process."""

import sys
from types import SimpleNamespace

import pytest

from derive.cli import main


@pytest.fixture
def derive(monkeypatch, capsys):
    """Run the command line: exit code, standard output, standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["derive", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code
        output, errors = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=output, stderr=errors)

    return run
