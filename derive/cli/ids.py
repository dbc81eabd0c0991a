"""Ids and titles of what a shell completes, read from the texts: nothing is run or imported."""

import json
from pathlib import Path

from derive.notation.leaf import leaves

ROOT = Path(__file__).parents[1]
FOLDERS = {"family": "families", "theorem": "theorems", "network": "networks"}


def ids(kind: str) -> dict[str, str]:
    """Every id of families, theorems, networks or kernels, with its title.

    >>> ids("family")["cp"], ids("theorem")["rank-one"], ids("kernel")["sobel"]
    ('CP convolution', 'T2 Rank one', 'Sobel, horizontal')
    """
    if kind == "kernel":
        known = json.loads((ROOT / "kernels" / "gallery.json").read_text("utf-8"))
        return {kernel["name"]: kernel["title"] for kernel in known}
    words = 2 if kind == "theorem" else 1  # of a theorem the number stands before the title
    found = leaves(ROOT / FOLDERS[kind], f"derive.{FOLDERS[kind]}")
    return {leaf.name: " ".join(leaf.names[:words]) for leaf in found}
