"""``python -m derive.families`` and ``python -m derive.theorems``: the leaves as scripts."""

import sys
from collections.abc import Callable

from derive.catalogue import FAMILIES
from derive.notation.errors import CheckError, InputError
from derive.proof.library import THEOREMS
from derive.proof.run import Session
from derive.proof.status import Status
from derive.render.console import console
from derive.render.derivation import derivation
from derive.render.proof_table import theorem_table
from derive.render.streams import flush, guard, OutputError, say

INTERRUPTED = 130  # the exit code after Ctrl-C


def run_families() -> None:
    """Print the derivation of the families named, or of all."""

    def print_derivation(name: str) -> bool:
        console().print(derivation(FAMILIES[name]))
        return True

    _run(print_derivation, list(FAMILIES))


def run_theorems() -> None:
    """Run and print the proofs of the theorems named, or of all; exit code 1 if one fails."""
    session = Session()

    def print_proof(name: str) -> bool:
        verdict = session.verdict(name)
        console().print(theorem_table(verdict))
        return verdict.status != Status.FAILED

    _run(print_proof, list(THEOREMS))


def _run(print_one: Callable[[str], bool], known: list[str]) -> None:
    """Print what the arguments name; exit code 1 if one of them fails.

    Bad input is one line and exit code 2.
    """
    guard()
    names = sys.argv[1:]
    if options := [name for name in names if name.startswith("-")]:
        _stop(f"no option {options[0]}: give names, or nothing for all {len(known)}", 2)
    failed = False
    try:
        for number, name in enumerate(names or known):
            if number:
                print()
            failed |= not print_one(name)
        flush()
    except InputError as error:
        _stop(str(error), 2)
    except CheckError as error:
        _stop(str(error), 1)
    except OutputError as error:
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    sys.exit(int(failed))


def _stop(words: str, code: int) -> None:
    say(f"derive: {words}")
    sys.exit(code)
