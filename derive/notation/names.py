"""Names: what a reader types is matched with an id, a title or a name of the literature.

Case, hyphens, blanks and the word "convolution" make no difference. names.json lists short names
and abbreviations; a name listed there for several ids is refused with all of them.
"""

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from unicodedata import normalize

from derive.notation.errors import InputError
from derive.notation.words import short

SIGNS = str.maketrans({"×": "x", "+": "plus", "σ": "sigma"})
FILLER = {"convolution", "convolutions", "conv", "convs"}
NAMES = Mapping[str, Iterable[str]]  # every id with its further names
LONGEST = 200  # characters of a name


class UnknownNameError(InputError, KeyError):
    """Raised for a name that nothing has, or that several have; ``hint`` says what to write."""

    def __init__(self, wrong: str, hint: str) -> None:
        super().__init__(f"{wrong}; {hint}")
        self.hint = hint

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (str(self).removesuffix(f"; {self.hint}"), self.hint)

    def __str__(self) -> str:
        return str(self.args[0])


def key(text: str) -> str:
    """A name without what makes no difference: case, hyphens, blanks, the word convolution.

    >>> key("Depthwise-Separable Conv"), key("1 × 1 convolution"), key("(2+1)D"), key("conv")
    ('depthwiseseparable', '1x1', '2plus1d', 'conv')
    """
    plain = normalize("NFKC", text[:LONGEST].translate(SIGNS)).casefold()
    words = re.findall(r"[^\W_]+", plain)
    joined = "".join(word for word in words if word not in FILLER)
    return re.sub(r"(?<=.)(convolutions?|convs?)$", "", joined) or "".join(words)


def resolve(kind: str, text: object, known: NAMES) -> str:
    """The id of the family, theorem or kernel that a text names.

    ``known`` maps every id to its further names; names.json adds those of the literature. Raises
    UnknownNameError for a name that nothing has, with the nearest ones, or that several have.

    >>> resolve("family", "Bottleneck", {"cp": ["CPD"], "tucker-2": ["partial Tucker"]})
    'tucker-2'
    """
    if not isinstance(text, str):
        raise UnknownNameError(f"unknown {kind} {short(str(text))}", suggestion(str(text), known))
    if text in known:
        return text
    bearers = [name for name in _bearers(kind, known).get(key(text), ()) if name in known]
    if len(bearers) == 1:
        return bearers[0]
    shown = short(text) or repr(text)
    if bearers:
        raise UnknownNameError(f"{shown} names more than one {kind}", f"write {either(bearers)}")
    raise UnknownNameError(f"unknown {kind} {shown}", suggestion(text, known, kind))


def suggestion(text: str, known: Iterable[str] | NAMES, kind: str = "", otherwise: str = "") -> str:
    """The end of a message about a name that nothing has: the nearest one, or all there are.

    ``otherwise`` is said where no name is near, and not which ones there are.

    >>> suggestion("sobell", ["sobel", "scharr"]), suggestion("zzz", ["sobel", "scharr"])
    ('did you mean sobel?', 'there are sobel, scharr')
    """
    names = known if isinstance(known, Mapping) else dict.fromkeys(known, ())
    bearers = _bearers(kind, names)
    near = nearest(key(text), list(bearers))
    ids = [name for name in bearers[near] if name in names] if near else []
    if ids:
        return f"did you mean {either(ids)}?"
    return otherwise or f"there are {', '.join(names)}"


def either(words: list[str]) -> str:
    """Some words as a choice.

    >>> either(["a", "b", "c"])
    'a, b or c'
    """
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def nearest(word: str, words: list[str]) -> str | None:
    """The word that is most like the one given, or the shortest that begins with it."""
    near = get_close_matches(word[:80], words, n=1, cutoff=0.75)
    begin = sorted((one for one in words if len(word) > 2 and one.startswith(word)), key=len)
    return next(iter([*near, *begin]), None)


def _bearers(kind: str, known: NAMES) -> dict[str, tuple[str, ...]]:
    """The ids that have a name, by the key of the name: ids first, then titles and aliases.

    A name of names.json counts as it is listed there, whoever else has it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, names in known.items():
        for one in map(key, names):
            found[one] = tuple(dict.fromkeys((*found.get(one, ()), name)))
    listed = {key(one): tuple(ids) for one, ids in _listed().get(kind, {}).items()}
    return found | listed | {key(name): (name,) for name in known}


@cache
def _listed() -> dict[str, dict[str, list[str]]]:
    return dict(json.loads((files(__package__) / "names.json").read_text("utf-8")))
