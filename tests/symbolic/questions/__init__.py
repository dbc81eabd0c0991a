"""What each question for the second prover says, in plain Python: a file for each theorem."""

import pkgutil
from importlib import import_module

QUESTIONS = {
    name: says
    for leaf in pkgutil.iter_modules(__path__)
    if leaf.name != "says"
    for name, says in import_module(f"{__name__}.{leaf.name}").QUESTIONS.items()
}
