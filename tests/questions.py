"""The questions for the second prover, found among the cross-checks."""

import inspect
import pkgutil
from importlib import import_module

from derive import crosschecks


def every_question():
    """Their names, file and function."""
    for leaf in pkgutil.iter_modules(crosschecks.__path__):
        module = import_module(f"derive.crosschecks.{leaf.name}")
        for name, function in vars(module).items():
            ours = inspect.isgeneratorfunction(function) and function.__module__ == module.__name__
            if ours and list(inspect.signature(function).parameters) == ["z3"]:
                yield f"{leaf.name}.{name}"
