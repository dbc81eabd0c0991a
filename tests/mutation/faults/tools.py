"""What faults are made of: lines of a wrong family, and patches (owner, attribute, replacement)."""

from dataclasses import replace

from sympy import IndexedBase, Integer

from derive.notation import convolution
from derive.notation.convolution import Within
from derive.notation.family import Family
from derive.notation.letters import i, j, l, o, u, v
from derive.proof.second_prover import equivalence

A, B, D, P = map(IndexedBase, "ABDP")
FORGOTTEN = Family(A[i, u], B[o, i, v])  # a legal line without the middle channel
SWAPPED = Family(A[j, i, v], B[o, j, u])
DENSE = Family(A[j, i, u, v], B[o, j])
BACKWARDS = Family(B[o, j, v], A[j, i, u])
POINTWISE_FIRST = Family(P[o, i, l], D[i, l, u, v])
BLUEPRINT_OF_INPUTS = Family(P[o, i], D[i, u, v])
FLATTENED_ROW_OF_INPUTS = Family(P[o, i], A[o, u], B[i, v])


def changed(owner, name, change):
    """The property of a class with its value passed through ``change``."""
    real = getattr(owner, name)
    return owner, name, property(lambda self: change(self, real.__get__(self)))


def instead(owner, name, read):
    """The property of a class worked out in another way."""
    return owner, name, property(read)


def wrapped(owner, name, function):
    """A function of a module that ``function`` calls, or does not."""
    real = getattr(owner, name)
    return owner, name, lambda *args, **named: function(real, *args, **named)


def changed_call(owner, name, change):
    """A function of a family whose several values are changed."""
    return wrapped(owner, name, lambda real, *args: tuple(map(change, real(*args))))


def weakened(owner, name, assumption):
    """A question for z3 without one of its assumptions."""
    return wrapped(owner, name, lambda real, z3: (fewer(q, assumption) for q in real(z3)))


def without(owner, assumption):
    """Every question of a module for z3 without one of its assumptions."""
    return wrapped(owner, "Query", lambda real, **parts: fewer(real(**parts), assumption))


def read_with(name, value):
    """The places that stages read, with a size of the direction, such as its stride, a number."""

    def read(real, direction, *args, **named):
        place = real(direction, *args, **named)
        return place.xreplace({getattr(direction, name): Integer(value)})

    return wrapped(convolution, "_read", read)


def fewer(query, name):
    rest = {key: value for key, value in query.assume.items() if key != name}
    dropped, unsharp = ([x for x in names if x != name] for names in (query.dropped, query.unsharp))
    return type(query)(rest, query.claim, dropped, unsharp)


def narrowed(owner, name, assumption, narrower):
    """A question for z3 that assumes more: ``narrower`` builds the assumption from z3's Ints."""

    def narrow(real, z3):
        for query in real(z3):
            stronger = narrower(lambda names: z3.Ints(names))
            yield replace(query, assume={**query.assume, assumption: stronger})

    return wrapped(owner, name, narrow)


def one_way(owner, name, back=False):
    """A question for z3 whose claims of the form "if and only if" are cut to one direction."""

    def cut(z3, claim):
        parts = claim.children()
        if equivalence(z3, claim):
            return z3.Implies(*reversed(parts)) if back else z3.Implies(*parts)
        return z3.And(*(cut(z3, part) for part in parts)) if z3.is_and(claim) else claim

    return wrapped(
        owner,
        name,
        lambda real, z3: (replace(query, claim=cut(z3, query.claim)) for query in real(z3)),
    )


def plus_one(_, value):
    return value + 1


def doubled_rows(real, letters, bond, sizes, rows):
    return real(letters, bond, sizes, ([2 * x for x in row] for row in rows))


def one_row_more(index, extent):
    return Within(index, extent + 1)


def all_brackets(term, free, supports):
    return term
