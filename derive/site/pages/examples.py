"""The page of examples: every script of examples/ with what it prints."""

from typing import Any

from derive.render.notebook import Code, Prose
from derive.site.examples import Example, scripts


def context() -> dict[str, Any]:
    """What the template shows."""
    return {"examples": [_shown(one) for one in scripts()]}


def _shown(one: Example) -> dict[str, Any]:
    """A script as prose, code and output; the heading of its first cell is that of the section."""
    first, *rest = one.cells
    assert isinstance(first, Prose)
    return {
        "title": one.title,
        "anchor": one.anchor,
        "file": f"examples/{one.path.name}",
        "notebook": f"{one.anchor}.ipynb",
        "lead": first.text.partition("\n")[2].strip(),
        "cells": [_cell(cell) for cell in rest],
    }


def _cell(cell: Prose | Code) -> dict[str, str]:
    if isinstance(cell, Prose):
        return {"prose": cell.text, "code": "", "output": ""}
    return {"prose": "", "code": cell.source, "output": cell.printed.rstrip("\n")}
