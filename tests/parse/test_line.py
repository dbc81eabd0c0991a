"""A line typed by a reader: every spelling of it, and one line that says where a mistake is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derive.catalogue import FAMILIES
from derive.facts.family import line_facts
from derive.notation.errors import InputError
from derive.notation.letters import i, j, l, letter, m, o, size
from derive.parse.grammar import LONGEST, MOST_FACTORS
from derive.parse.line import own_letters, read_line

PAIR = FAMILIES["asymmetric"].family


@pytest.mark.parametrize("name", FAMILIES)
def test_the_line_of_every_family_reads_back(name):
    entry = FAMILIES[name]
    assert read_line(str(entry.family)) == entry.family
    assert read_line(str(entry.family).replace(" ", "")) == entry.family
    again = read_line(line_facts(entry).einsum)
    assert [(n, f.einsum) for n, f in again.branches] == [
        (n, f.einsum) for n, f in entry.family.branches
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A[j,i,u] B[o,j,v]",
        "A[j,i,u]B[o,j,v]",
        "  A[ j , i , u ]  ·  B[o,j,v]  ",
        "A[j,i,u] * B[o,j,v]",
        "A[j,i,u] × B[o,j,v]",
        "(A[j,i,u] B[o,j,v])",
        "1 × (A[j,i,u] B[o,j,v])",
        "K[o,i,u,v] = A[j,i,u] B[o,j,v]",
        "K[v,u,i,o] = A[j,i,u] B[o,j,v]",
        "K = Σ_j A[j,i,u] B[o,j,v]",
        "K[o,i,u,v]=Σ_{j}A[j,i,u]·B[o,j,v]",
        "∑ A[j,i,u] B[o,j,v]",
        "sum_j A[j,i,u] B[o,j,v]",
        r"\sum_{j} A[j,i,u] B[o,j,v]",
        "jiu,ojv->oiuv",
        "jiu, ojv -> oiuv",
        "jiu,ojv→oiuv",
        "jiu,ojv->iouv",
        "jiu,ojv",
    ],
)
def test_every_spelling_is_the_same_line(text):
    assert read_line(text) == PAIR


def test_channels_stay_apart_where_there_is_no_o():
    assert read_line("A[i,u] B[i,v]").outputs == (i,)
    assert read_line("D[i,l,u,v]").outputs == (i, l)
    assert read_line("K[i,u,v] = D[i,u] E[i,v]").outputs == (i,)
    assert read_line("D[i,l,u] E[i,l,v]").outputs == (i, l)
    assert read_line("K[i,u,v] = D[i,l,u] E[i,l,v]").outputs == (i,)
    assert read_line("D[i,l,u,v] P[o,i,l]").outputs == (o,)


@pytest.mark.parametrize(
    ("text", "kernel"),
    [
        ("A[i,u] B[o,v]", "iu,ov->oiuv"),
        ("P[o] A[i,u] B[v]", "o,iu,v->oiuv"),
        ("A[j,i] B[o,j] D[u,v]", "ji,oj,uv->oiuv"),
        ("a[u] b[v]", "u,v->uv"),
        ("K[u,v] = a[u] b[v]", "u,v->uv"),
        ("u,v->uv", "u,v->uv"),
    ],
)
def test_factors_that_share_no_letter_are_an_outer_product(text, kernel):
    assert read_line(text).einsum == kernel


def test_letters_of_ones_own_run_over_a_size_of_their_own_or_the_one_they_are_given():
    e, f = letter("e"), letter("f")
    assert own_letters(read_line("A[e,i,u] B[o,e,v]")) == {e: size("N_e")}
    assert own_letters(read_line("A[e,i,u] B[o,e,v] where e = 4")) == {e: 4}
    given_both = read_line("A[e,i,u] B[f,e] C[o,f,v] where e = m, f = 7")
    assert own_letters(given_both) == {e: m, f: 7}
    assert own_letters(PAIR) == {}
    assert read_line("A[e,i,u] B[o,e,v]; e=4") == read_line("A[e,i,u] B[o,e,v] where e = 4")


MISTAKES = {
    "": "the line is empty",
    "   ": "the line is empty",
    "A": "'A' at position 1 has no letters",
    "A[]": "expected a letter in the factor A, found ']' at position 3",
    "A[j,i,u": "the bracket opened at position 2 is not closed",
    "A[j,i,": "the bracket opened at position 2 is not closed",
    "A[j,,i]": "expected a letter in the factor A, found ',' at position 5",
    "A[j i]": "expected , or ] in the factor A, found 'i' at position 5",
    "A[j,i,u] B[o,j,v": "the bracket opened at position 11 is not closed",
    "A[o,i,u]]": "']' at position 9 is not expected there",
    "A[o,i,1]": "expected a letter in the factor A, found '1' at position 7",
    "A[jiu] B[ojv]": "'jiu' at position 3 is not one letter",
    "A[J,i] B[o,J]": "letter 'J' at position 3 is none of a to z",
    "A[x,i] B[o,x]": "letter 'x' at position 3 is a pixel",
    "A[é,i]": "'é' at position 3 belongs to no line",
    "A[j,i,u] @ B[o,j,v]": "'@' at position 10 belongs to no line",
    "A[j,i,u,v] B[o,j,v]": "tap v stands in A (position 9) and B (position 18)",
    "A[j,i,u] B[j,v]": "no factor holds o, the output channel",
    "B[o,j,v]": "no factor holds i, the input channel",
    "A[j,i,u] B[o,k,v]": "letter 'j' at position 3 is summed inside A alone",
    "A[j,j,i] B[o,j]": "letter j stands twice in A, at positions 3 and 5",
    "B[o,v]": "no factor holds i, the input channel",
    "A[i,u] B[v]": "without it every factor has to hold i, which B at position 8 does not",
    "K[o,i,u,v] = a[u] b[v]": "letter 'o' at position 3 does not belong in the left side",
    "A[j,i,u] A[o,j,v]": "two factors are called A, at positions 1 and 10",
    "X[o,i]": "the factor at position 1 is called X",
    "K[o,i]": "the factor at position 1 is called K",
    r"\f[o,i]": r"is no name of a factor",
    "a__[o,i]": "'a__' at position 1 is no name of a factor",
    "A[g,i] B[o,g]": "letter 'g' at position 3: a, b, c and g are the letters of grouped",
    "W[b,a,u,v]": "no factor holds g",
    "K[o,i,u] = A[j,i,u] B[o,j,v]": "letter v is missing from the left side",
    "K[o,i,u,v,t] = A[j,i,u] B[o,j,v]": "letter 't' at position 11 does not belong in the left",
    "K[o,i,u,v A[o,i]": "expected , or ] in the factor K, found 'A' at position 11",
    "jiu,ojv->oiv": "letter u is missing from the output: the factors give the kernel o,i,u,v",
    "jiu,ojv->oiuvj": "letter 'j' at position 14 does not belong in the output",
    "jiu,ojv->oiuvv": "letter v stands twice in the output, at positions 13 and 14",
    "jiu,ojv->": "expected letters such as jiu, found the end of the line",
    "->oiuv": "expected letters such as jiu, found '->' at position 1",
    "jiu,,ojv": "expected letters such as jiu, found ',' at position 5",
    "Σ_{j,l} A[j,i,u] B[o,j,v]": "letter 'l' at position 6 stands under the sum, but is not summed",
    "Σ_j A[q,i] C[p,q,u] B[o,p,v] D[j]": "letter 'j' at position 32 is summed inside D alone",
    "Σ_q A[q,i] C[p,q,u] B[o,p,v]": "letter p is summed, but does not stand under the sum",
    "A[e,i,u] B[o,e,v] where e = 0": "the size of e must be from 1 to 1000000, not '0'",
    "A[e,i,u] B[o,e,v] where e = 10000000": "the size of e must be from 1 to 1000000",
    "A[e,i,u] B[o,e,v] where e = Zq": "'Zq' at position 29 is no size",
    "A[e,i,u] B[o,e,v] where f = 3": "letter f is given a size, but stands in no factor",
    "A[e,i,u] B[o,e,v] where i = 3": "letter 'i' at position 25 runs over C_in",
    "A[e,i,u] B[o,e,v] where e = 3, e = 4": "letter 'e' at position 32 has been given a size",
    "A[e,i,u] B[o,e,v] where": "expected a size such as e = 4, found the end of the line",
    "0 × W[o,i]": "the number of branches must be from 1 to 1000000, not '0' at position 1",
    "Z × W[o,i]": "'Z' at position 1 counts no branches",
    "2 × (W[o,i]": "the bracket opened at position 5 is not closed",
    "W[o,i] +": "expected a factor such as A[j,i,u], found the end of the line",
    "D[i,u,v] + P[o,i]": "differ in input or output letters",
    "__import__('os')": '"\'" at position 12 belongs to no line',
    "A" * (LONGEST + 1): f"the line has {LONGEST + 1} characters, at most {LONGEST} are read",
    " ".join(f"A_{n}[o,i]" for n in range(MOST_FACTORS + 1)): "one too many after 8",
    "+".join(f"A_{n}[o,i]" for n in range(7)): "at most 6 branches are read",
}


@pytest.mark.parametrize(("text", "says"), MISTAKES.items(), ids=range(len(MISTAKES)))
def test_a_mistake_gets_one_line_that_names_letter_and_position(text, says):
    with pytest.raises(InputError) as caught:
        read_line(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


SCRAPS = st.sampled_from(
    [
        *"ABKXTijouvtglabcez01239[](){}=+·*×Σ_;,-> \\'\"",
        "->",
        "where",
        "sum_",
        "A[j,i,u]",
        "B[o,j,v]",
    ]
)
LINES = st.lists(SCRAPS, max_size=25).map("".join) | st.text(max_size=60)


@given(LINES)
@example("A[o,i]" + "\u0000")
@example("A[ı,o,i]")
@example("١ × W[o,i]")
def test_garbage_is_read_or_refused_in_one_line(text):
    words = complaint(text)
    assert len(words) < 400
    assert "\n" not in words


def complaint(text):
    """What is wrong with a line, in words; none if it can be read."""
    try:
        read_line(text)
    except InputError as error:
        return str(error)
    return ""


@given(st.permutations("jiu"), st.permutations("ojv"), st.permutations("oiuv"))
def test_the_order_of_letters_in_a_factor_does_not_matter(first, second, kernel):
    line = read_line(f"{''.join(first)},{''.join(second)}->{''.join(kernel)}")
    assert line.kernel == PAIR.kernel
    assert line.summed == (j,)
