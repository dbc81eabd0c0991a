"""Each question for the second prover says what its theorem says: both are worked out in numbers.

A question is a formula of z3; what it should say is written here once more, in plain Python, with
loops where the theorem counts. The two are compared as functions of all their numbers, also where
no hypothesis holds, so that an inequality off by one, a bound that is strict or an equivalence cut
to one of its directions shows, though the weaker claim would still follow.
"""

import inspect
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import islice, product
from math import prod
from random import Random

import pytest

from derive.proof import second_prover
from derive.proof.questions import question
from derive.proof.second_prover import answer, equivalence
from tests.questions import every_question
from tests.symbolic.questions import QUESTIONS
from tests.symbolic.questions.says import PLACES, UNDEFINED
from tests.tools import need

DRAWS, FITTING = 4000, 40  # how many cases are drawn, and how many of those are looked at

STEPS = (-2, -1, 1, 2)


@pytest.fixture(scope="module")
def z3():
    return loaded()


def loaded():
    found = second_prover.load()
    need(not isinstance(found, str), found)
    return found


@cache
def asks(function):
    """The names of the numbers that a function takes; None where it takes all of a case."""
    parameters = inspect.signature(function).parameters.values()
    if any(x.kind is x.VAR_KEYWORD for x in parameters):
        return None
    return [x.name for x in parameters if x.default is x.empty]


def called(function, case):
    """A function of some of the numbers of a case."""
    names = asks(function)
    return function(**(case if names is None else {name: case[name] for name in names}))


def cases(says):
    """Numbers that meet the hypotheses, and around each of them those with one number off."""
    fitting = islice((case for case in drawn(says) if called(says.given, case)), FITTING)
    for case in fitting:
        yield case
        numbers = [name for name, value in case.items() if not isinstance(value, dict)]
        yield from ({**case, name: case[name] + step} for name in numbers for step in STEPS)


def drawn(says):
    """Numbers drawn, with those found from them if there are any."""
    random = Random(0)
    for _ in range(DRAWS):
        case = {name: random.choice(numbers) for name, numbers in says.numbers.items()}
        for name, find in says.found.items():
            case[name] = called(find, case)
            if case[name] is None:
                break
        else:
            yield case


def reading(z3):
    """What each operation of z3 does to the values of its arguments."""
    return {
        z3.Z3_OP_TRUE: lambda: True,
        z3.Z3_OP_FALSE: lambda: False,
        z3.Z3_OP_ADD: lambda *terms: sum(terms),
        z3.Z3_OP_SUB: lambda first, *rest: first - sum(rest),
        z3.Z3_OP_UMINUS: lambda x: -x,
        z3.Z3_OP_MUL: lambda *factors: prod(factors),
        z3.Z3_OP_DIV: Fraction,
        z3.Z3_OP_LE: lambda x, y: x <= y,
        z3.Z3_OP_LT: lambda x, y: x < y,
        z3.Z3_OP_GE: lambda x, y: x >= y,
        z3.Z3_OP_GT: lambda x, y: x > y,
        z3.Z3_OP_EQ: lambda x, y: x == y,
        z3.Z3_OP_DISTINCT: lambda x, y: x != y,
        z3.Z3_OP_ITE: lambda condition, x, y: x if condition else y,
        z3.Z3_OP_NOT: lambda x: not x,
        z3.Z3_OP_AND: lambda *parts: all(parts),
        z3.Z3_OP_OR: lambda *parts: any(parts),
        z3.Z3_OP_IMPLIES: lambda x, y: y or not x,
        z3.Z3_OP_TO_REAL: lambda x: x,
    }


def read(z3, formula):
    """A formula of z3 as a function of a case, and of the values of its bound indices."""
    if z3.is_int_value(formula):
        value = formula.as_long()
        return lambda case, at: value
    if z3.is_rational_value(formula):
        fraction = formula.as_fraction()
        return lambda case, at: fraction
    if z3.is_var(formula):
        index = z3.get_var_index(formula)
        return lambda case, at: at[index]
    if z3.is_quantifier(formula):  # over the places of a table
        body, indices = read(z3, formula.body()), [PLACES] * formula.num_vars()
        return lambda case, at: all(body(case, here) for here in product(*indices))
    parts, kind = [read(z3, part) for part in formula.children()], formula.decl().kind()
    if kind == z3.Z3_OP_UNINTERPRETED:
        name = formula.decl().name()
        if not parts:
            return lambda case, at: case[name]
        return lambda case, at: case[name][tuple(part(case, at) for part in parts)]
    does = reading(z3)[kind]
    return lambda case, at: does(*(part(case, at) for part in parts))


def check(z3, name):
    """A question is what is written here, for all numbers drawn; and the theorem holds of them."""
    asked = list(question(name)(z3))
    assert len(asked) == len(QUESTIONS[name])
    for query, says in zip(asked, QUESTIONS[name], strict=True):
        check_query(z3, query, says)


def check_query(z3, query, says):
    assumed, claimed = read(z3, z3.And(*query.assume.values())), read(z3, query.claim)
    seen = set()
    for case in cases(says):
        given, claim = called(says.given, case), called(says.claim, case)
        assert assumed(case, ()) == given, ("hypotheses", case)
        if claim is not UNDEFINED:
            assert claimed(case, ()) == claim, ("claim", case)
            assert not given or (claim and called(says.counted, case)), ("theorem", case)
        seen |= {("hypotheses", given), ("claim", claim)}
    assert {*product(("hypotheses", "claim"), (True, False))} <= seen, "a part has one value"


def test_every_question_is_here():
    assert {*every_question()} == QUESTIONS.keys()


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_what_its_theorem_says(name, z3):
    check(z3, name)


def cuts(z3, formula):
    """A formula with one of its equivalences cut to one of its directions."""
    parts = formula.children()
    if equivalence(z3, formula):
        yield z3.Implies(parts[0], parts[1])
        yield z3.Implies(parts[1], parts[0])
    for n, part in enumerate(parts):
        for cut in cuts(z3, part) if z3.is_bool(part) else ():
            yield formula.decl()(*parts[:n], cut, *parts[n + 1 :])


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_equivalence_cut_to_one_direction_is_found_out(name, z3):
    for query, says in zip(question(name)(z3), QUESTIONS[name], strict=True):
        for claim in cuts(z3, query.claim):
            if second_prover._refutation(z3, {"cut": claim}, query.claim, z3.Context()) == z3.sat:
                cut = replace(query, claim=claim)
                try:
                    check_query(z3, cut, says)
                except AssertionError:
                    continue
                assert answer(z3, [cut]).wrong, claim
