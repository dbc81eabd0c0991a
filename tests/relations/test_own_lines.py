"""Lines that a reader might write, against the families: ranks by code that shares nothing."""

import random
from functools import cache

import numpy as np
import pytest

from derive.catalogue import FAMILIES
from derive.notation.letters import size
from derive.parse.line import read_line
from derive.relations.relation import included
from tests.relations.independent import bounds, DECIDES, largest_rank

LINES = 100
KERNEL = "oiuv"
BONDS = "ef"
SIZES = {"o": 3, "i": 2, "u": 3, "v": 2, "e": 2, "f": 2}
NUMBERS = {size(name): n for name, n in {"C_out": 3, "C_in": 2, "k_h": 3, "k_w": 2}.items()}
NUMBERS |= {size(name): 2 for name in ("N_e", "N_f", "m", "M", "P", "Q", "R", "T")}


@cache
def lines():
    """Random lines of two or three factors, each tap in one of them, with bonds between them."""
    draw, found = random.Random(15), []
    while len(found) < LINES:
        count = draw.choice((2, 3))
        letters = [set() for _ in range(count)]
        for x in "uv":
            draw.choice(letters).add(x)
        for x in "oi" + BONDS[: draw.randint(0, 2)]:
            for home in draw.sample(letters, draw.randint(1, 2)):
                home.add(x)
        words = ["".join(sorted(own)) for own in letters]
        text = " ".join(f"{name}[{','.join(own)}]" for name, own in zip("ABC", words, strict=False))
        lonely = any(sum(x in own for own in words) == 1 for x in BONDS)
        if all(words) and not lonely and text not in dict(found):
            found.append((text, words))
    return dict(found)


line = cache(read_line)


def kernel(words, seed):
    draw = np.random.default_rng(seed)
    weights = [draw.integers(1, 50, [SIZES[x] for x in own]) for own in words]
    return np.einsum(f"{','.join(words)}->{KERNEL}", *weights)


def rank(words, held, rows, columns):
    return max(largest_rank(kernel(words, seed), held, rows, columns) for seed in range(3))


@pytest.mark.parametrize("large", DECIDES)
def test_a_family_contains_a_line_exactly_if_its_ranks_allow_it(large):
    for text, words in lines().items():
        ranks = [(bound, rank(words, *sides)) for *sides, bound in bounds(large)]
        fits = all(found <= (1 if bound == 1 else 2) for bound, found in ranks)
        found = included(line(text), FAMILIES[large].family, NUMBERS, NUMBERS)
        assert found.verdict is fits, (text, large)
        for need in found.needs:
            name = str(need.bond).strip("'")
            enough = all(n <= 1 for bound, n in ranks if bound == 1)
            wanted = max([1, *(n for bound, n in ranks if bound == name)])
            assert need.most == (wanted if enough else None), (text, large)


def test_a_line_of_two_factors_contains_a_family_exactly_if_its_one_matrix_allows_it():
    """Letters of both factors are held; those of the first alone are rows (T5)."""
    tried = 0
    for text, words in lines().items():
        if len(words) != 2:
            continue
        first, second = map(set, words)
        held = "".join(x for x in KERNEL if x in first & second)
        rows, columns = (
            "".join(x for x in KERNEL if x in own - other)
            for own, other in ((first, second), (second, first))
        )
        bound = 2 ** sum(x in first & second for x in BONDS)
        if not rows or not columns:
            continue
        for small in DECIDES:
            tried += 1
            found = included(FAMILIES[small].family, line(text), NUMBERS, NUMBERS)
            assert found.verdict is (_rank_of(small, held, rows, columns) <= bound), (small, text)
    assert tried > 100


@cache
def _rank_of(small, held, rows, columns):
    from tests.relations.independent import Sampled

    sizes = {"C_out": 3, "C_in": 2, "k_h": 3, "k_w": 2}
    sizes |= dict.fromkeys(("m", "M", "P", "Q", "R", "T"), 2)
    return Sampled(small, sizes).rank(held, rows, columns)


def test_an_answer_that_is_not_known_has_bounds_or_a_reason():
    """Of a line without a criterion what is necessary and what is enough are said apart."""
    undecided = 0
    for text in lines():
        found = included(FAMILIES["standard"].family, line(text), NUMBERS, NUMBERS)
        if found.verdict is None:
            undecided += 1
            assert not found.criterion.sufficient, text
    assert undecided < LINES // 4
