"""The API page as plain Markdown, for builders that read no Python: signatures and docstrings."""

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import Any

from derive.site.docstrings import fenced

DIRECTIVE = re.compile(r"^::: ([\w.]+)\n((?:    .*\n|\n(?=    ))*)", re.MULTILINE)
MEMBERS = re.compile(r"members: \[(.+)\]")
LINK = re.compile(r"\]\[(derive[\w.]*)\]")


def with_docstrings(page: str) -> str:
    """A page whose mkdocstrings directives are replaced by the text of the docstrings.

    >>> with_docstrings("[it][derive.oracle.convolve]\\n")
    '[it](#derive.oracle.convolve)\\n'
    """
    return LINK.sub(r"](#\1)", DIRECTIVE.sub(_text, page))


def _text(directive: re.Match[str]) -> str:
    path, members = directive[1], MEMBERS.search(directive[2])
    found = _found(path)
    if not isinstance(found, ModuleType):
        return "\n\n".join(_described(path, found)) + "\n"
    names = re.split(r",\s*", members[1]) if members else _public(found)
    parts = [part for name in names for part in _described(f"{path}.{name}", getattr(found, name))]
    return "\n\n".join(parts) + "\n"


def _found(path: str) -> Any:
    """What a dotted path names: a module, or something in one."""
    try:
        return import_module(path)
    except ModuleNotFoundError:
        place, _, name = path.rpartition(".")
        return getattr(_found(place), name)


def _public(module: ModuleType) -> list[str]:
    """The names that a module defines itself and documents."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
        if getattr(value, "__doc__", None)
    ]


def _described(path: str, value: Any, level: int = 3) -> Iterator[str]:
    """A heading with the permanent address, the signature and the docstring, then the members."""
    name = path.rpartition(".")[2]
    yield f"{'#' * level} `{path if level == 3 else name}` {{: #{path} }}"
    if callable(value):
        yield f"```python\n{name}{_signature(value)}\n```"
    yield fenced(inspect.getdoc(value) or "")
    if isinstance(value, type):
        for key, member in vars(value).items():
            inner = _unwrapped(member)
            if not key.startswith("_") and inspect.isroutine(inner) and inspect.getdoc(inner):
                shown = member if isinstance(member, property | cached_property) else inner
                yield from _described(f"{path}.{key}", shown, level + 1)


def _unwrapped(member: Any) -> Any:
    """The function behind a property, a class method or the like."""
    for name in ("fget", "func", "__func__"):
        if found := getattr(member, name, None):
            return found
    return member


def _signature(value: Any) -> str:
    try:
        return str(inspect.signature(value))
    except (TypeError, ValueError):
        return "(…)"
