"""Settings of SymPy that a command makes, which it reads once, when it is imported."""

import os
import sys


def set_sympy(name: str, value: str) -> None:
    """Make a setting for the SymPy that this process is about to import. What the environment says
    stands; once SymPy has been imported nothing is changed, not even for child processes.

    >>> import sympy
    >>> set_sympy("SYMPY_NEVER", "yes")
    >>> "SYMPY_NEVER" in os.environ
    False
    """
    if "sympy" not in sys.modules:
        os.environ.setdefault(name, value)
