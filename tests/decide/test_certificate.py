"""The separate checker: right proofs pass, and no proof of a wrong verdict ever does."""

import ast
import json
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from sympy import IndexedBase

from derive import certificate as checker
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.certificate import complaint
from derive.decide.verdict import decide
from derive.kernels import gallery
from derive.notation.errors import CheckError
from derive.notation.family import Family
from derive.notation.letters import C_c, G, i, j, M, m, o, P, p, Q, q, R, r, T, t, u, v
from tests.decide.criteria import determinant
from tests.documents import document
from tests.strategies import seeds

FULL = (o, i, u, v)
A, B, C, D = map(IndexedBase, "ABCD")
FORMS = {
    "asymmetric": (FAMILIES["asymmetric"].family, {m: 2}, (3, 2, 2, 3)),
    "horizontal first": (FAMILIES["asymmetric-horizontal-first"].family, {m: 1}, (2, 2, 3, 2)),
    "depthwise separable": (FAMILIES["depthwise-separable"].family, {M: 2}, (3, 2, 2, 2)),
    "blueprint": (FAMILIES["blueprint-separable"].family, {}, (2, 3, 2, 2)),
    "flattened": (FAMILIES["flattened"].family, {}, (2, 2, 3, 2)),
    "Tucker-2": (FAMILIES["tucker-2"].family, {Q: 2, P: 1}, (3, 3, 1, 2)),
    "tensor train": (FAMILIES["tensor-train"].family, {Q: 1, R: 2, P: 2}, (3, 2, 2, 2)),
    "CP": (FAMILIES["cp"].family, {R: 2}, (3, 2, 2, 3)),
    "decoupling": (FAMILIES["network-decoupling"].family, {T: 2}, (3, 2, 2, 2)),
    "grouped pair": (FAMILIES["grouped-asymmetric"].family, {G: 2, C_c: 1}, (4, 2, 2, 2)),
    "depthwise": (FAMILIES["depthwise"].family, {}, (4, 2, 1, 3)),
    "pointwise": (FAMILIES["pointwise"].family, {}, (2, 2, 3, 3)),
    "ACNet": (FAMILIES["acnet-block"].family, {}, (2, 1, 3, 3)),
    "cross": (Family(A[o, i, u]) + Family(B[o, i, v]), {}, (2, 2, 3, 3)),
    "sum": (Family(A[o, i, u], B[o, i, v]) + Family(C[j, i, u], D[o, j, v]), {m: 1}, (1, 1, 4, 4)),
    "ring": (Family(A[q, i, p], B[r, q, u], C[o, p, r, v]), {Q: 1, R: 2, P: 1}, (2, 3, 3, 1)),
}


def weighted(name, random):
    """A kernel that random weights of the form contract to, as the checker multiplies them out."""
    line, values, extents = FORMS[name]
    blank = Kernel(FULL, extents, [0] * prod(extents))
    said = document(decide(line, blank, values))
    for factor in said["factors"]:
        factor["entries"] = [number(random) for _ in factor["entries"]]
    return with_the_product(said)


def number(random):
    return str(Fraction(random.randint(-3, 3), random.choice((1, 1, 2, 3))))


def with_the_product(said):
    """The document with the kernel that its factors give, by plain loops over all letters."""
    extents, letters = said["kernel"]["extents"], said["kernel"]["letters"]
    size, found = said["sizes"], {at: Fraction(0) for at in box(extents)}
    given = iter(said["factors"])
    for term in said["einsum"].split(" + "):
        words, output = term.split("->")
        tensors = [entries_of(next(given)) for _ in words.split(",")]
        names = "".join(dict.fromkeys(words.replace(",", "")))
        for at in box(size[x] for x in names):
            value = dict(zip(names, at, strict=True))
            entry = Fraction(1)
            for word, tensor in zip(words.split(","), tensors, strict=True):
                entry *= tensor[tuple(value[x] for x in word)]
            taps = [
                value[x] if x in output else n // 2
                for x, n in zip(letters[2:], extents[2:], strict=True)
            ]
            sides = [mixed(said[side], value, size) for side in ("outputs", "inputs")]
            found[*sides, *taps] += entry
    said["kernel"]["entries"] = [str(entry) for entry in found.values()]
    return said


def box(extents):
    return product(*map(range, extents))


def mixed(word, value, size):
    """A channel of several letters, the last one fastest."""
    channel = 0
    for x in word:
        channel = channel * size[x] + value[x]
    return channel


def entries_of(tensor):
    numbers = map(Fraction, tensor["entries"])
    return dict(zip(box(tensor["extents"]), numbers, strict=True))


def decided(said, name):
    line, values, extents = FORMS[name]
    kernel = Kernel(FULL, extents, [Fraction(x) for x in said["kernel"]["entries"]])
    return decide(line, kernel, values)


@pytest.mark.parametrize("name", FORMS)
@given(seed=seeds)
def test_weights_and_their_product_pass(name, seed):
    said = weighted(name, Random(seed))
    assert complaint(said) == ""
    verdict = decided(said, name)
    assert verdict.word in ("exact", "undecided")
    assert complaint(document(verdict)) == ""


# wrong verdicts


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=25)
@given(seed=seeds)
def test_no_minor_refutes_a_kernel_of_the_form(name, seed):
    """Any letters for rows and columns, any indices, the true determinant, any bound."""
    random = Random(seed)
    said = weighted(name, random)
    said["verdict"] = "not exact"
    del said["factors"]
    certificates = [any_certificate(said, random) for _ in range(30)]
    for certificate in certificates:
        said["certificate"] = certificate
        assert complaint(said), certificate


def any_certificate(said, random):
    whole = random.random() < 0.2
    output = "".join(term.split("->")[1] for term in said["einsum"].split(" + "))
    letters = said["kernel"]["letters"] if whole else "".join(dict.fromkeys(output))
    sizes = dict(zip(said["kernel"]["letters"], said["kernel"]["extents"], strict=True))
    sizes = sizes if whole else {**said["sizes"]}
    sides = {x: random.choice(("rows", "columns", "columns", "rows", "kept")) for x in letters}
    rows, columns, kept = (
        "".join(x for x in letters if sides[x] == side) for side in ("rows", "columns", "kept")
    )
    certificate = {
        "kept": {x: random.randrange(sizes[x]) for x in kept},
        "row_letters": rows,
        "column_letters": columns,
    }
    size = random.randint(1, 3)
    certificate["rows"], certificate["columns"] = (
        [[random.randrange(sizes[x]) for x in word] for _ in range(size)]
        for word in (rows, columns)
    )
    certificate["bound"] = random.choice((0, size - 1, size - 1, size, -1))
    minor = true_minor(said, certificate, whole)
    certificate["minor"] = str(minor)
    if random.random() < 0.3:
        prime = 1009
        residue = minor.numerator * pow(minor.denominator, -1, prime) % prime
        certificate["minor"] = {"residue": residue, "prime": prime}
    return certificate


def true_minor(said, certificate, whole):
    letters, extents = said["kernel"]["letters"], said["kernel"]["extents"]
    entries = entries_of(said["kernel"])
    words = certificate["row_letters"], certificate["column_letters"]

    def entry(row, column):
        value = {**certificate["kept"]}
        value |= zip(words[0], row, strict=True)
        value |= zip(words[1], column, strict=True)
        if whole:
            return entries[tuple(value[x] for x in letters)]
        sides = [mixed(said[side], value, said["sizes"]) for side in ("outputs", "inputs")]
        taps = [value.get(x, n // 2) for x, n in zip(letters[2:], extents[2:], strict=True)]
        return entries[*sides, *taps]

    square = [
        [entry(row, column) for column in certificate["columns"]] for row in certificate["rows"]
    ]
    return Fraction(determinant(square))


@pytest.mark.parametrize("name", [name for name in FORMS if name != "ACNet"])
@settings(max_examples=25)
@given(seed=seeds)
def test_no_factors_spell_a_kernel_that_is_not_of_the_form(name, seed):
    """Weights that come near: their product with one entry, or a few, changed."""
    random = Random(seed)
    said = weighted(name, random)
    entries = said["kernel"]["entries"]
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(entries))
        entries[place] = str(Fraction(entries[place]) + Fraction(1, random.choice((1, 7, 10**30))))
    if decided(said, name).word == "not exact":
        assert complaint(said) == "the factors give another kernel"
    for factor in said["factors"]:
        factor["entries"] = [number(random) for _ in factor["entries"]]
    if decided(said, name).word == "not exact":
        assert complaint(said) == "the factors give another kernel"


# proofs broken one by one


def exact_document():
    kernel = Kernel.by(lambda o, i, u, v: (1 + o + v) * (1 + i + 2 * u) + o * u, o=3, i=2, u=2, v=2)
    return document(decide(FAMILIES["asymmetric"].family, kernel, {m: 2}))


def refuted_document():
    kernel = Kernel.by(
        lambda o, i, u, v: Fraction((o + 2 * i + 3 * u + v * v * o) ** 2, 3), o=3, i=2, u=2, v=2
    )
    return document(decide(FAMILIES["asymmetric"].family, kernel, {m: 2}))


def residue_document():
    kernel = Kernel.by(lambda o, i, u, v: Fraction((o >= i) + o * i, 5), o=20, i=20, u=1, v=1)
    return document(decide(FAMILIES["asymmetric"].family, kernel, {m: 17}))


def zero_document():
    kernel = Kernel.by(lambda o, i, u, v: Fraction(o == i, 7) + (u > v), o=4, i=4, u=2, v=2)
    return document(decide(FAMILIES["grouped"].family, kernel, {G: 2}))


MADE = {
    "exact": exact_document,
    "refuted": refuted_document,
    "residue": residue_document,
    "zero": zero_document,
}


def put(*path_and_value):
    """Change what a path leads to: a function of the old value, or a new one."""
    *path, last, value = path_and_value

    def change(said):
        for step in path:
            said = said[step]
        said[last] = value(said[last]) if callable(value) else value

    return change


def swapped(word):
    return word[1::-1] + word[2:]


def plus(text):
    return str(Fraction(text) + 1)


def a_little_more(text):
    return str(Fraction(text) + Fraction(1, 10**99))


def first_nonzero(said):
    entries = said["factors"][0]["entries"]
    place = next(n for n, x in enumerate(entries) if Fraction(x))
    entries[place] = str(-Fraction(entries[place]))


def entry_of_the_minor(said):
    """The kernel's entry in the first row and column of the minor."""
    proof = said["certificate"]
    value = dict(proof["kept"])
    value |= zip(proof["row_letters"], proof["rows"][0], strict=True)
    value |= zip(proof["column_letters"], proof["columns"][0], strict=True)
    place = 0
    for x, n in zip(said["kernel"]["letters"], said["kernel"]["extents"], strict=True):
        place = place * n + value.get(x, 0)
    said["kernel"]["entries"][place] = plus(said["kernel"]["entries"][place])


def single_entry(said):
    """The last entry of the kernel, as if the form left zeros there."""
    last = said["kernel"]["entries"][-1]
    sides = {"row_letters": "o", "rows": [[2]], "column_letters": "i", "columns": [[1]]}
    return {"kept": {"u": 1, "v": 1}, **sides, "minor": last, "bound": 0}


def proof(*path_and_value):
    return put("certificate", *path_and_value)


COMMON = {
    "another schema": put("schema", "derive/factor/2"),
    "another word": put("verdict", "proved"),
    "an entry too many": put("kernel", "entries", lambda entries: [*entries, "1"]),
    "an entry too few": put("kernel", "entries", lambda entries: entries[1:]),
    "an entry that is a float": put("kernel", "entries", 0, 0.5),
    "an entry that is no number": put("kernel", "entries", 0, "nan"),
    "a zero denominator": put("kernel", "entries", 0, "1/0"),
    "an extent of zero": put("kernel", "extents", 0, 0),
    "no kernel": put("kernel", None),
    "letters in another order": put("kernel", "letters", lambda x: x[::-1]),
    "a letter twice in the kernel": put("kernel", "letters", lambda x: x[:-1] + x[-2]),
    "a letter twice in a factor": put("einsum", lambda x: x[0] + x),
    "an einsum that is none": put("einsum", "oiuv"),
    "a kernel letter left out": put("einsum", lambda x: x[:-3] + x[-2:]),
    "other outputs": put("outputs", lambda x: x + "j"),
    "other inputs": put("inputs", lambda x: x + "u"),
    "no inputs": put("inputs", ""),
    "a size of zero": put("sizes", "v", 0),
    "a negative size": put("sizes", lambda x: dict.fromkeys(x, -1)),
    "a size that is a fraction": put("sizes", lambda x: {**x, "j": 1.5, "g": 1.5}),
    "no sizes": put("sizes", {}),
}
BROKEN = {
    "exact": {
        "the other verdict": put("verdict", "not exact"),
        "an entry of the kernel": put("kernel", "entries", 5, plus),
        "an entry of a factor": put("factors", 1, "entries", 0, plus),
        "a little more": put("factors", 1, "entries", 0, a_little_more),
        "a sign": first_nonzero,
        "an entry too many in a factor": put("factors", 0, "entries", lambda x: [*x, "0"]),
        "a factor more": put("factors", lambda x: [*x, x[0]]),
        "a factor less": put("factors", lambda x: x[:1]),
        "no factors": put("factors", []),
        "factors in another order": put("factors", lambda x: x[::-1]),
        "letters of a factor": put("factors", 0, "letters", swapped),
        "extents of a factor": put("factors", 1, "extents", lambda x: x[::-1]),
        "another width": put("sizes", "j", 3),
        "another einsum": put("einsum", "jiv,oju->oiuv"),
        "letters of the first factor": put("einsum", "jui,ojv->oiuv"),
        "another kernel": put("einsum", "jiu,ojv->ioiuv"),
        "fewer channels, and an entry of the last": lambda said: said.update(
            verdict="not exact",
            sizes={**said["sizes"], "o": 2},
            certificate=single_entry(said),
        ),
        "fewer taps, and an entry of the last": lambda said: said.update(
            verdict="not exact",
            sizes={**said["sizes"], "v": 1},
            certificate=single_entry(said),
        ),
        "a middle of two taps": lambda said: said.update(
            verdict="not exact",
            einsum="oiu->oiu",
            certificate={**single_entry(said), "kept": {"u": 1, "v": 0}},
        ),
    },
    "refuted": {
        "the other verdict": put("verdict", "exact"),
        "an entry of the minor": entry_of_the_minor,
        "the value": proof("minor", plus),
        "the sign of the value": proof("minor", lambda x: str(-Fraction(x))),
        "zero": proof("minor", "0"),
        "a float": proof("minor", lambda x: float(Fraction(x))),
        "a row twice": proof("rows", lambda x: [x[0], x[0], x[2]]),
        "rows in another order": proof("rows", lambda x: x[::-1]),
        "a row less": proof("rows", lambda x: x[1:]),
        "a minor of the allowed size": lambda said: [
            proof(side, lambda x: x[:2])(said) for side in ("rows", "columns")
        ],
        "a row that is not there": proof("rows", 0, lambda x: [9, *x[1:]]),
        "a negative row": proof("rows", 2, lambda x: [x[0] - 3, *x[1:]]),
        "a row of True": proof("rows", 0, lambda x: [True, *x[1:]]),
        "a row of more letters": proof("rows", 0, lambda x: [*x, 0]),
        "a larger bound": proof("bound", 3),
        "a smaller bound": proof("bound", 1),
        "no bound": proof("bound", 0),
        "a negative bound": proof("bound", -1),
        "row letters in another order": proof("row_letters", swapped),
        "a letter for both": proof("row_letters", "oi"),
        "a letter left open": proof("row_letters", "o"),
        "a letter kept": proof("kept", {"o": 0}),
        "a letter that is not there": proof("kept", {"z": 0}),
        "a wider bond": put("sizes", "j", 3),
        "a narrower bond": put("sizes", "j", 1),
        "another order": put("einsum", "jiv,oju->oiuv"),
        "one factor": put("einsum", "oiuv->oiuv"),
        "another bond": put("einsum", "kiu,okv->oiuv"),
        "a sum of two": put("einsum", "jiu,ojv->oiuv + jiu,ojv->oiuv"),
        "a bond of minus one": lambda said: [
            put("sizes", "j", -1)(said),
            proof("bound", -1)(said),
        ],
        "half a bond": lambda said: [put("sizes", "j", 0.5)(said), proof("bound", 0.5)(said)],
        "two bonds": lambda said: [
            put("einsum", "jkiu,ojkv->oiuv")(said),
            said["sizes"].update(k=2),
        ],
        "no certificate": lambda said: said.pop("certificate"),
    },
    "residue": {
        "the residue": proof("minor", "residue", lambda x: x + 1),
        "zero": proof("minor", "residue", 0),
        "modulo one": proof("minor", {"residue": 0, "prime": 1}),
        "modulo zero": proof("minor", "prime", 0),
        "another prime": proof("minor", "prime", 2**30 - 83),
        "the prime of the denominators": proof("minor", "prime", 5),
        "a value": proof("minor", "1"),
        "an entry of the minor": entry_of_the_minor,
        "a row twice": proof("rows", lambda x: [x[1], *x[1:]]),
        "a larger bound": proof("bound", lambda x: x + 1),
    },
    "zero": {
        "another value": proof("minor", plus),
        "an entry of the block": lambda said: said["certificate"].update(rows=[[0]], columns=[[0]]),
        "an entry that is zero": lambda said: said["certificate"].update(
            kept={"u": 0, "v": 1}, minor="0"
        ),
        "two rows": lambda said: said["certificate"].update(
            rows=[[0], [1]], columns=[[2], [3]], minor="1"
        ),
        "one group": lambda said: said["sizes"].update(g=1, a=4, b=4),
        "a tap that is not there": proof("kept", {"u": 2, "v": 0}),
        "a tap left open": proof("kept", {"u": 0}),
        "a larger bound": proof("bound", 1),
    },
}
PLANTED = [
    (made, name, change)
    for made, changes in BROKEN.items()
    for name, change in {**changes, **COMMON}.items()
]


@pytest.mark.parametrize("made", MADE)
def test_the_documents_to_be_broken_pass(made):
    assert complaint(MADE[made]()) == ""
    assert complaint(json.loads(json.dumps(MADE[made]()))) == ""


@pytest.mark.parametrize(
    ("made", "name", "change"), PLANTED, ids=[f"{made}-{name}" for made, name, _ in PLANTED]
)
def test_a_broken_proof_is_rejected(made, name, change):
    said = deepcopy(MADE[made]())
    change(said)
    assert said != MADE[made](), name
    words = complaint(said)
    assert words
    assert "\n" not in words


@given(seed=seeds)
def test_whatever_the_document_the_answer_is_a_line(seed):
    """Parts taken out, or put in the place of others."""
    random = Random(seed)
    said = deepcopy(MADE[random.choice(list(MADE))]())
    for _ in range(random.randint(1, 3)):
        part, path = said, []
        while isinstance(part, dict | list) and part and (not path or random.random() < 0.7):
            step = random.choice(list(part) if isinstance(part, dict) else range(len(part)))
            path, above, part = [*path, step], part, part[step]
        above[path[-1]] = random.choice([None, [], {}, "", "0", -1, 10**6, [1], "oiuv", 1.5, True])
    assert isinstance(complaint(said), str)


@pytest.mark.parametrize("said", [None, [], {}, "exact", 7])
def test_what_is_no_document_is_rejected(said):
    assert complaint(said)


def test_an_undecided_verdict_claims_nothing():
    three = Kernel.by(lambda o, i, u, v: int(i + u + v == 1), o=1, i=2, u=2, v=2)
    said = document(decide(FAMILIES["cp"].family, three, {R: 2}))
    assert said["verdict"] == "undecided"
    assert said["reason"]
    assert complaint(said) == ""
    assert complaint({**said, "verdict": "exact"})
    assert complaint({**said, "verdict": "not exact"})


def test_a_wrong_verdict_is_never_handed_out():
    sobel = Kernel.of([[list(gallery()["sobel"].table)]])
    right = decide(FAMILIES["asymmetric"].family, sobel, {m: 1})
    wrong = replace(right, factors=right.factors[::-1])
    with pytest.raises(CheckError, match="proof of the verdict does not hold: a factor has other"):
        document(wrong)
    first = right.factors[0]
    doubled = Kernel(first.letters, first.extents, [2 * x for x in first.flat])
    with pytest.raises(CheckError, match="give another kernel"):
        document(replace(right, factors=(doubled, right.factors[1])))


def test_numbers_of_any_length_are_read_and_written():
    limit = sys.get_int_max_str_digits()
    long = Kernel.of([[[[10**6000, 2 * 10**6000], [3, Fraction(1, 7**6000)]]]])
    said = document(decide(FAMILIES["asymmetric"].family, long, {m: 1}))
    assert said["verdict"] == "not exact"
    assert len(said["certificate"]["minor"]) > 5000
    assert complaint(said) == ""
    assert sys.get_int_max_str_digits() == limit


def test_three_axes_and_letters_of_more_than_one_character():
    cube = Kernel((o, i, t, u, v), (2, 1, 3, 1, 2), range(12))
    said = document(decide(FAMILIES["network-decoupling"].family, cube, {T: 1}))
    assert said["kernel"]["letters"] == "oituv"
    assert said["einsum"] == "ituva,oia->oituv"


def test_the_checker_uses_the_standard_library_only():
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    names = {n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_it_runs_alone(tmp_path):
    path = tmp_path / "verdict.json"
    for said, code, words in (
        (exact_document(), 0, "the proof holds\n"),
        ({**exact_document(), "factors": []}, 1, "there are too few factors\n"),
    ):
        path.write_text(json.dumps(said), encoding="utf-8")
        command = [sys.executable, "-I", checker.__file__, str(path)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (run.returncode, run.stderr) == (code, "")
        assert run.stdout.startswith(words)


def test_a_factor_of_zeros_next_to_long_numbers():
    said = exact_document()
    said["kernel"]["entries"] = ["0"] * 24
    said["factors"][0]["entries"] = ["0"] * 8
    said["factors"][1]["entries"] = [str(10**40)] * 12
    assert complaint(said) == ""
    said["factors"][0]["entries"][0] = f"1/{10**40}"
    assert complaint(said)


def test_a_kernel_that_repeats_itself_is_no_einsum():
    kernel = Kernel.by(lambda o, i, u, v: 1 + o + u, o=2, i=1, u=2, v=2)
    said = document(decide(FAMILIES["standard"].family, kernel, {}))
    factor = {"letters": "oiu", "extents": [2, 1, 2], "entries": ["1", "2", "2", "3"]}
    words = complaint({**said, "einsum": "oiu->oiuv", "factors": [factor]})
    assert words == "a letter of the kernel is in no factor"


def checked(*arguments, folder):
    """What `python -m derive.certificate` answers: its code and what it prints where."""
    run = subprocess.run(
        [sys.executable, checker.__file__, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return run.returncode, run.stdout, run.stderr


NO_VERDICT = {
    b"": "verdict.json is no JSON",
    b"1 2 1": "verdict.json is no JSON",
    b"\xff\xfe\xfd": "verdict.json is no JSON",
    b"[" * 20_000: "verdict.json is no JSON",
    b"[1, 2]": "verdict.json is no document of derive/factor/1",
    b"{}": "verdict.json is no document of derive/factor/1",
    b'{"schema": "derive/compare/1"}': "verdict.json is no document of derive/factor/1",
}


@pytest.mark.parametrize("content", NO_VERDICT, ids=lambda x: str(x)[:12])
def test_what_is_no_verdict_is_bad_input_and_no_failed_proof(tmp_path, content):
    (tmp_path / "verdict.json").write_bytes(content)
    code, out, words = checked("verdict.json", folder=tmp_path)
    assert (code, out, words.count("\n")) == (2, "", 1)
    assert words.startswith(f"check: {NO_VERDICT[content]}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name one file, written by derive factor --json, not 0"),
        (("a.json", "b.json"), "name one file, written by derive factor --json, not 2"),
        (("nowhere.json",), "cannot read nowhere.json: No such file or directory"),
        ((".",), "cannot read .: Is a directory"),
    ],
)
def test_no_file_to_check_is_one_line(tmp_path, arguments, words):
    assert checked(*arguments, folder=tmp_path) == (2, "", f"check: {words}\n")


def test_proofs_that_hold_or_fail_keep_their_codes(tmp_path):
    said = exact_document()
    (tmp_path / "right.json").write_text(json.dumps(said))
    said["factors"][0]["entries"][0] = plus(said["factors"][0]["entries"][0])
    (tmp_path / "wrong.json").write_text(json.dumps(said))
    right = "the proof holds\nchecked: verdict, factors\nnot checked: nothing\n"
    assert checked("right.json", folder=tmp_path) == (0, right, "")
    code, out, words = checked("wrong.json", folder=tmp_path)
    assert (code, out, words) == (1, "the factors give another kernel\n", "")
