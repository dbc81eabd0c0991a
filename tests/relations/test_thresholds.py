"""The closed forms that the site prints, in numbers against exact ranks on a layer."""

from sympy import And, true

from derive.catalogue import own_line
from derive.facts.family_relations import family_relations
from derive.parse.layer import read_layer
from derive.parse.line import read_line
from derive.relations.inclusion import in_symbols
from derive.relations.relation import included
from derive.relations.thresholds import thresholds
from tests.relations.test_golden import rows_on


def test_thresholds_are_the_smallest_sizes_that_exact_ranks_allow():
    rows = rows_on(read_layer(channels_in=3, channels_out=4, kernel="2x3"))
    for small, one in rows.items():
        for large, other in rows.items():
            if small == large:
                continue
            at = {**other.values, **one.values}
            found = thresholds(in_symbols(one.line, other.line))
            pair = included(one.line, other.line, one.values, other.values)
            fixed = And(*found.fixed).xreplace(at) == true
            if not fixed:
                assert all(need.least is None for need in pair.needs), (small, large)
                assert pair.verdict is False, (small, large)
                continue
            numbers = [
                (bond.bond, bond.least.xreplace(at), bond.most.xreplace(at)) for bond in found.bonds
            ]
            wanted = [(need.bond, need.least, need.most) for need in pair.needs]
            assert sorted(numbers, key=str) == sorted(wanted, key=str), (small, large)


def relations(line):
    return family_relations(own_line(read_line(line)))


def test_a_line_of_the_book_equals_its_family_whatever_its_bond_is_called():
    square = "A[e,i,u] B[f,e] C[o,f,v] where e = m, f = m"
    for line in ("A[j,i,u] B[o,j,v]", "C[e,i,u] D[o,v,e]", square):
        found = relations(line)
        assert found.equal == ("asymmetric",)
        assert "cp" in [one.id for one in found.contains]
    assert relations("T × (D[i,u,v] P[o,i])").equal == ("depthwise-separable", "network-decoupling")


def test_what_a_line_equals_contains_and_is_contained_in_is_sorted_by_conditions():
    found = relations("D[i,u,v] P[o,i]")
    above = {one.id: one.condition for one in found.contained_in}
    assert above["standard"] == above["depthwise-separable"] == true
    assert str(above["asymmetric"]) == "Min(C_in*k_h, C_in*k_w, C_out*k_w) <= m"
    assert "flattened" not in above
    assert [one.id for one in found.contains] == [
        "pointwise",
        "depthwise-asymmetric",
        "depthwise-asymmetric-separable",
    ]
    fixed = relations("A[e,i,u] B[o,e,v] where e = 4")
    assert fixed.equal == fixed.contains == ()


def test_where_no_ranks_decide_what_a_line_represents_is_left_open():
    found = relations("A[e,i] B[e,u] C[e,v] D[e,o]")
    assert (found.equal, found.contains) == (("cp",), None)
    assert "tucker-2" in [one.id for one in found.contained_in]
