"""What files import, read from their sources without running them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BODIES = ("body", "orelse", "handlers", "finalbody", "cases")  # fields with statements in a list


@dataclass(frozen=True)
class Import:
    """A module that a statement imports, the names it takes from it, and whether the statement runs
    or only a type checker reads it."""

    module: str
    names: tuple[str, ...]
    runs: bool


def imports(path: Path) -> tuple[Import, ...]:
    """Everything that a file imports, functions included; read anew when the file has changed."""
    return _imports(path, path.stat().st_mtime_ns)


@cache
def _imports(path: Path, _changed: int) -> tuple[Import, ...]:
    return tuple(read(path.read_bytes()))


def read(source: bytes | str) -> Iterator[Import]:
    """The imports of a source, wherever they stand.

    >>> list(read("def f():\\n    from os import path, sep"))
    [Import(module='os', names=('path', 'sep'), runs=True)]
    """
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(source), True)]
    while waiting:
        node, runs = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(name.name, (), runs) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield Import(node.module, tuple(name.name for name in node.names), runs)
        runs = runs and not _for_types(node)
        waiting += [(inner, runs) for name in BODIES for inner in _held(node, name)]


def _held(node: ast.AST, field: str) -> list[ast.AST]:
    """The statements in a field; what is inside of expressions imports nothing."""
    held = getattr(node, field, ())
    return held if isinstance(held, list) else []


def _for_types(node: ast.AST) -> bool:
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"
