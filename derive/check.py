"""Does the proof in a verdict of `derive factor --json` hold? Run it: python check.py verdict.json

Exact: the factors are multiplied out and must give the kernel, entry by entry. Not exact: a minor
that is not 0 must be larger than the rank that the einsum allows, or an entry that is not 0 must
stand where the einsum leaves zeros. This file shares nothing with the program that decided.
"""

import json
import sys
from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from math import lcm, prod
from operator import mul
from typing import Any

Sizes = dict[str, int]
Tensor = tuple[str, list[int]]  # letters, and the entries with the last letter fastest
SCHEMA = "derive/factor/1"
FAULTS = (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError)


def complaint(document: Any) -> str:
    """What is wrong with the proof in a document; an empty string if it holds."""
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        need(document["schema"] == SCHEMA, f"it is no document of {SCHEMA}")
        check = {"exact": multiply, "not exact": refute, "undecided": lambda *_: None}
        check[document["verdict"]](document, Form(document))
    except FAULTS as error:
        return f"{error}" if type(error) is ValueError and error.args[0] else f"{error!r}"
    finally:
        sys.set_int_max_str_digits(digits)
    return ""


class Form:
    """Where in a kernel K[o, i, taps] the entries stand that an einsum, or a sum of some, spells.

    Several output letters run through the output channels together, the last one fastest; so do
    input letters. A letter in both makes blocks. A tap that an einsum leaves out is in the middle.
    """

    def __init__(self, document: Any) -> None:
        kernel, sides = document["kernel"], {"o": document["outputs"], "i": document["inputs"]}
        letters, channels = kernel["letters"], sides["o"] + sides["i"]
        self.terms: list[Any] = [term.split("->") for term in document["einsum"].split(" + ")]
        self.taps = letters[2:]
        self.extent = dict(zip(letters, kernel["extents"], strict=True))
        self.size = document["sizes"]
        self.numbers, self.below = integers(kernel, self.extent)
        need(all(type(n) is int and n > 0 for n in self.size.values()), "a size is not positive")
        self.apart = strides(letters, self.extent)
        self.step = {x: self.apart[x] for x in self.taps}
        for side, names in sides.items():
            need(self.extent[side] == prod(self.size[x] for x in names), f"other channels {side}")
            for x, near in strides(names, self.size).items():
                self.step[x] = self.step.get(x, 0) + near * self.apart[side]
        for factors, spelled in self.terms:
            words = [letters, spelled, *(w + self.taps for w in sides.values())]
            words += factors.split(",")
            need(all(len(set(word)) == len(word) for word in words), "a letter twice in one place")
            need(set(channels) <= set(spelled) <= self.step.keys(), "letters of another kernel")
            need(set(spelled) <= set(factors), "a letter of the kernel is in no factor")
            for x in self.taps:
                fits = self.size[x] == self.extent[x] if x in spelled else self.extent[x] % 2 == 1
                need(fits, "another number of taps, or none in the middle")

    def middle(self, spelled: Iterable[str]) -> int:
        """Where the entry stands with all letters at 0 and the taps left out in the middle."""
        return sum(self.extent[x] // 2 * self.apart[x] for x in self.taps if x not in spelled)

    def places(self, spelled: str) -> list[int]:
        """Where the entries stand, in order."""
        return [self.middle(spelled) + place for place in places(spelled, self.step, self.size)]


def multiply(document: Any, form: Form) -> None:
    """Raise one of FAULTS unless the factors contract to the kernel."""
    given, total, common = list(document["factors"]), [0] * len(form.numbers), 1
    for factors, spelled in form.terms:
        tensors: list[Tensor] = []
        scale = 1
        for word in factors.split(","):
            factor = given.pop(0)
            need(factor["letters"] == word, "a factor has other letters than in the einsum")
            numbers, below = integers(factor, form.size)
            tensors, scale = [*tensors, (word, numbers)], scale * below
        before, common = common, lcm(common, scale)
        total = [x * (common // before) for x in total]
        numbers = contract(tensors, spelled, form.size)
        for place, number in zip(form.places(spelled), numbers, strict=True):
            total[place] += number * (common // scale)
    need(not given, "there are too many factors")
    pairs = zip(form.numbers, total, strict=True)
    need(all(x * common == y * form.below for x, y in pairs), "the factors give another kernel")


def refute(document: Any, form: Form) -> None:
    """Raise one of FAULTS unless the einsum forbids a minor, or an entry, that the kernel has.

    Letters that stand neither for rows nor for columns are kept at their values, or at 0.
    """
    proof, step, extent, start = document["certificate"], form.apart, form.extent, 0
    if proof["bound"] != 0:
        whole = {x for _, spelled in form.terms for x in spelled}
        step, extent, start = form.step, {x: form.size[x] for x in whole}, form.middle(whole)
    rows, columns, kept = proof["row_letters"], proof["column_letters"], "".join(proof["kept"])
    letters, size = rows + columns + kept, len(proof["rows"])
    need(len(set(letters)) == len(letters), "a letter stands twice in the matrix")
    need(size == len(proof["columns"]) > proof["bound"], "the minor is no larger than the bound")

    def place(names: str, values: Iterable[int]) -> int:
        pairs = list(zip(names, values, strict=True))
        need(all(type(n) is int and 0 <= n < extent[x] for x, n in pairs), "an index out of range")
        return sum(step[x] * n for x, n in pairs)

    start += place(kept, proof["kept"].values())
    down = [place(rows, at) for at in proof["rows"]]
    across = [place(columns, at) for at in proof["columns"]]
    if proof["bound"] == 0:
        reached = {n for _, spelled in form.terms for n in form.places(spelled)}
        need(size == 1 and start + down[0] + across[0] not in reached, "the einsum has this entry")
    else:
        allowed = sum(crossing(w, k, rows, columns, form.size) for w, k in form.terms)
        need(proof["bound"] == allowed, f"the einsum allows a rank of {allowed}")
    square, minor = [[form.numbers[start + y + x] for x in across] for y in down], proof["minor"]
    if isinstance(minor, str):
        found, value = Fraction(determinant(square), form.below**size), Fraction(minor)
    else:
        value, prime = minor["residue"], minor["prime"]
        found = determinant(square, prime) * pow(form.below, -size, prime) % prime
    need(found == value != 0, "the minor has another value")


def crossing(factors: str, spelled: str, rows: str, columns: str, size: Sizes) -> int:
    """The rank that an einsum allows: how many values the letters take that are summed between the
    factors with row letters and those with column letters, the others put where it costs least."""
    words, sides = factors.split(","), []
    for word in words:
        above, beside = set(word) & set(rows), set(word) & set(columns)
        need(not (above and beside), "a factor has letters of rows and of columns")
        sides.append((0,) if above else (1,) if beside else (0, 1))
    least = []
    for chosen in product(*sides):
        held: tuple[set[str], set[str]] = set(), set()
        for word, side in zip(words, chosen, strict=True):
            held[side].update(word)
        least.append(prod(size[x] for x in (held[0] & held[1]) - set(spelled)))
    return min(least)


def determinant(rows: list[list[Any]], modulus: int = 0) -> Any:
    """Of a square of integers, modulo a number if one is given, by elimination."""
    found: Any = 1
    while rows:
        place = next((n for n, row in enumerate(rows) if row[0]), None)
        if place is None:
            return 0
        (first, *top), rest = rows[place], rows[:place] + rows[place + 1 :]
        found *= first * (-1) ** place
        inverse: Any = pow(first, -1, modulus) if modulus else Fraction(1, first)
        for n, (head, *row) in enumerate(rest):
            times = head * inverse
            rest[n] = [x - times * y for x, y in zip(row, top, strict=True)]
            rest[n] = [x % modulus for x in rest[n]] if modulus else rest[n]
        rows = rest
    return found


def contract(factors: list[Tensor], spelled: str, size: Sizes) -> list[int]:
    """The product of the factors, summed over the letters that are not spelled, in their order."""
    tensor: Tensor = "", [1]
    for n, factor in enumerate(factors):
        needed = set(spelled).union(*(word for word, _ in factors[n + 1 :]))
        tensor = joined(tensor, factor, needed, size)
    letters, numbers = tensor
    return [numbers[place] for place in places(spelled, strides(letters, size), size)]


def joined(one: Tensor, two: Tensor, needed: set[str], size: Sizes) -> Tensor:
    """Two factors as one, summed over the letters that are not needed.

    A row of the result is one long integer, with room for the largest sum in each of its places, so
    that adding up multiples of whole rows takes a few multiplications.
    """
    (left, a), (right, b) = one, two
    both = [x for x in left if x in needed and x in right]
    down, across = ([x for x in w if x in needed and x not in both] for w in (left, right))
    summed = [x for x in dict.fromkeys(left + right) if x not in needed]
    step, near = strides(left, size), strides(right, size)
    row, column = places(down, step, size), places(across, near, size)
    sums, terms = places(summed, step, size), places(summed, near, size)
    largest = max(map(abs, a)) or 1, max(map(abs, b))
    width = (prod(largest) * len(sums)).bit_length() // 8 + 1
    half = 1 << 8 * width - 1
    zero = half * int.from_bytes((bytes(width - 1) + b"\1") * len(column))
    found: list[int] = []
    for x, y in zip(places(both, step, size), places(both, near, size), strict=True):
        lines = (b"".join((b[y + s + n] + half).to_bytes(width) for n in column) for s in terms)
        packs = [int.from_bytes(line) - zero for line in lines]
        for n in row:
            total = sum(map(mul, [a[x + n + s] for s in sums], packs))
            line = (total + zero).to_bytes(width * len(column))
            parts = (line[k : k + width] for k in range(0, len(line), width))
            found += [int.from_bytes(part) - half for part in parts]
    return "".join(both + down + across), found


def integers(part: Any, size: Sizes) -> tuple[list[int], int]:
    """The entries of a tensor as integers over a common denominator."""
    need(part["extents"] == [size[x] for x in part["letters"]], "a tensor has other sizes")
    need(len(part["entries"]) == prod(part["extents"]), "a tensor has not as many entries")
    pairs = [(int(a), int(b or 1)) for a, _, b in (text.partition("/") for text in part["entries"])]
    below = lcm(*{b for _, b in pairs})
    return [a * (below // b) for a, b in pairs], below


def strides(letters: str, size: Sizes) -> Sizes:
    """How far apart neighbours along each letter stand in a list."""
    return {x: prod(size[y] for y in letters[n + 1 :]) for n, x in enumerate(letters)}


def places(letters: Iterable[str], step: Sizes, size: Sizes) -> list[int]:
    """Where the entries stand for all values of some letters, the last one fastest."""
    found = [0]
    for x in letters:
        steps = [step.get(x, 0) * n for n in range(size[x])]
        found = [place + far for place in found for far in steps]
    return found


def need(fine: bool, words: str) -> None:
    """Raise ValueError with the words unless all is fine."""
    if not fine:
        raise ValueError(words)


def main(arguments: list[str]) -> int:
    """Print whether the proof in a file holds; the exit code: 0 if it does, 1 if not, 2 if none."""
    wrong = f"name one file, written by derive factor --json, not {len(arguments)}"
    if len(arguments) == 1:
        try:
            with open(arguments[0], "rb") as file:
                document = json.load(file)
            if isinstance(document, dict) and document.get("schema") == SCHEMA:
                words = complaint(document)
                print(words or "the proof holds")
                return bool(words)
            wrong = f"{arguments[0]} is no document of {SCHEMA}, which derive factor --json prints"
        except OSError as error:
            wrong = f"cannot read {arguments[0]}: {error.strerror or error}"
        except (ValueError, RecursionError) as error:
            wrong = f"{arguments[0]} is no JSON, which derive factor --json prints: {error}"
    print(f"check: {wrong}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
