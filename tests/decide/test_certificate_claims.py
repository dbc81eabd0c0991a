"""The separate checker against the claims of a document: family, setting, ranks and bounds."""

import json
import resource
import subprocess
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from derive import certificate as checker
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.certificate import complaint, examine
from derive.comparison import Choices
from derive.facts.question import Question
from derive.notation.errors import InputError
from derive.notation.letters import i, o, t, u, v
from derive.parse.layer import read_layer_of
from tests.documents import report

AXES = {1: (u,), 2: (u, v), 3: (t, u, v)}
SETTINGS = (Choices(), Choices((2,), (2,), ({"P": 2, "Q": 1, "R": 2, "T": 2},)))
TAPS = {1: (3,), 2: (3, 1), 3: (1, 3, 3)}


def asked(family, kernel, groups=1, choices=SETTINGS[0]):
    layer = read_layer_of(kernel.extents, groups=groups)
    return report(Question("a kernel", kernel, FAMILIES[family], layer, choices))


def kernel_of(array):
    letters = (o, i, *AXES[array.ndim - 2])
    return Kernel(letters, array.shape, [int(x) for x in array.ravel()])


@cache
def documents(family, axes):
    """Verdicts on zeros, random kernels and products of random factors, for groups and settings."""
    found, rng = [], np.random.default_rng(7)
    extents = (8 if family == "depthwise" else 4, 4, *TAPS[axes])  # its multiplier is 2
    for groups in (1, 2) if "group" in family else (1,):
        for choices in SETTINGS[axes - 1 :] or SETTINGS[1:]:
            noise = kernel_of(rng.integers(-3, 4, extents))
            blank = asked(family, kernel_of(np.zeros(extents, int)), groups, choices)
            found += [asked(family, planted(blank, rng), groups, choices)]
        found += [blank, asked(family, noise, groups, choices)]
    return found


def planted(blank, rng):
    """A kernel of the form of an exact document, multiplied out by NumPy."""
    extents, size = blank["kernel"]["extents"], blank["sizes"]
    total, factors = np.zeros(extents, int), iter(blank["factors"])
    for term in blank["einsum"].split(" + "):
        line, output = term.split("->")
        tensors = [rng.integers(-2, 3, next(factors)["extents"]) for _ in line.split(",")]
        part = np.einsum(term, *tensors)
        for at, number in np.ndenumerate(part):
            value = dict(zip(output, at, strict=True))
            channels = []
            for side in ("outputs", "inputs"):
                names = blank[side]
                place = [value[x] for x in names]
                channels.append(int(np.ravel_multi_index(place, [size[x] for x in names])))
            taps = zip(blank["kernel"]["letters"][2:], extents[2:], strict=True)
            total[*channels, *(value.get(x, n // 2) for x, n in taps)] += number
    return kernel_of(total)


CASES = [
    (family, axes)
    for family in checker.FORMS
    for axes in AXES
    if FAMILIES[family].family.on(AXES[axes]) is not None
]


def test_the_forms_of_the_checker_are_those_of_the_catalogue():
    assert set(checker.FORMS) == set(FAMILIES)
    assert {family for family, _ in CASES} == set(FAMILIES)


@pytest.mark.parametrize(("family", "axes"), CASES)
def test_documents_of_the_program_pass(family, axes):
    for said in documents(family, axes):
        form = examine(json.loads(json.dumps(said)))
        assert {"family", "setting"} <= set(form.checked)
        if said["cuts"]:
            assert {"rank", "cuts"} <= set(form.checked)
        if said["einsum"].count(",") < 2 and "+" not in said["einsum"]:
            assert "minimal" in form.checked
    assert documents(family, axes)[0]["verdict"] in ("exact", "undecided")


# claims changed one by one


def other_sizes(said):
    """The sizes of the setting, each one more."""
    return {name: size + 1 for name, size in said["setting"].items()}


@pytest.mark.parametrize(("family", "axes"), CASES)
def test_a_wrong_claim_is_refused(family, axes):
    for said in documents(family, axes):
        wrong = [{"setting": {**said["setting"], "Z": 1}}, {"family": "standard"}]
        wrong += [{"setting": other_sizes(said)}] if said["setting"] else [{"setting": None}]
        for n, cut in enumerate(said["cuts"]):
            for key, value in (
                ("rank", cut["rank"] + 1),
                ("rank", cut["rank"] - 1),
                ("bound", cut["bound"] + 1),
                ("bound", cut["bound"] - 1),
                ("rows", cut["rows"][1:]),
                ("columns", cut["columns"] + cut["rows"]),
            ):
                cuts = [*said["cuts"][:n], {**cut, key: value}, *said["cuts"][n + 1 :]]
                wrong.append({"cuts": cuts})
            wrong.append({"rank": said["rank"] + 1})
            wrong.append({"rank": None})
        if said["einsum"].count(",") < 2 and "+" not in said["einsum"]:
            least = said["minimal"]
            wrong.append(
                {"minimal": {name: n + 1 for name, n in least.items()} if least else {"m": 9}}
            )
            wrong.append({"minimal": {"m": 1} if least is None else None})
            wrong.append({"bounds": {"R": [1, 2]}})
        if said["bounds"]:
            least, most = said["bounds"]["R"]
            wrong += [
                {"bounds": {"R": pair}} for pair in ([least + 1, most + 1], [least, least - 1])
            ]
            wrong += [{"bounds": {"R": [least - 1, most]}}, {"bounds": {"Q": [least, most]}}]
        for change in wrong:
            if change != {"family": family} and change.get("cuts") != said["cuts"]:
                assert complaint({**said, **change}), change


@pytest.mark.parametrize(("family", "axes"), CASES)
def test_an_einsum_is_of_one_family(family, axes):
    """But for those that are one on these taps, the name of every other family is refused."""
    same = {
        1: [{"flattened", "blueprint-separable"}, {"cp", "cp-joint"}],
        2: [],
        3: [],
    }[axes]
    said = documents(family, axes)[0]
    for other in checker.FORMS:
        fine = other == family or any({family, other} <= pair for pair in same)
        words = complaint(
            {key: x for key, x in said.items() if key != "setting"} | {"family": other}
        )
        assert bool(words) != fine, other


def test_the_example_of_the_issue_is_refused():
    """One factor with all letters is no asymmetric pair."""
    said = documents("standard", 2)[0]
    words = complaint({**said, "family": "asymmetric", "setting": {"m": 1}})
    assert words == "the einsum of asymmetric is another, such as jiu,ojv->oiuv"


def test_letters_may_go_by_other_names():
    said = json.loads(json.dumps(documents("asymmetric", 2)[0]).replace("j", "z"))
    assert {"family", "setting"} <= set(examine(said).checked)


def test_taps_may_not_change_places():
    said = documents("asymmetric", 2)[0]
    words = complaint({**said, "family": "asymmetric-horizontal-first"})
    assert words == "the einsum of asymmetric-horizontal-first is another, such as jiv,oju->oiuv"


def test_two_bonds_may_not_be_one():
    said = asked("tensor-train", kernel_of(np.zeros((2, 2, 2, 2), int)))
    assert complaint(said) == ""
    merged = json.loads(json.dumps(said["factors"]).replace("p", "q"))
    for factor, letters in zip(merged, ("qi", "rqu", "qrv", "oq"), strict=True):
        factor["letters"] = letters
    words = complaint({**said, "einsum": "qi,rqu,qrv,oq->oiuv", "factors": merged})
    assert words == "the einsum of tensor-train is another, such as qi,rqu,prv,op->oiuv"


@pytest.mark.parametrize("family", ["my-own", None, 7, ["cp"]])
def test_a_family_of_a_reader_is_not_checked_and_not_refused(family):
    said = {**documents("asymmetric", 2)[0], "family": family, "setting": {"m": 99}}
    form = examine(said)
    assert not {"family", "setting", "minimal", "bounds"} & set(form.checked)
    assert {"rank", "cuts", "verdict", "factors"} <= set(form.checked)


def test_what_a_document_does_not_say_is_not_checked():
    said = documents("tucker-2", 2)[0]
    proof = {key: said[key] for key in (*checker.GIVEN, "verdict", "factors")}
    assert examine(proof).checked == ["verdict", "factors"]


def test_a_rank_that_takes_too_long_is_not_called_checked(monkeypatch):
    said = documents("asymmetric", 2)[0]
    monkeypatch.setattr(checker, "RANK_STEPS", 10)
    form = examine(said)
    assert not {"rank", "cuts", "minimal"} & set(form.checked)
    assert form.unchecked == ["(1 of 1 matrices are too large)"]
    assert complaint({**said, "rank": 99})


def test_packed_products_that_disagree_with_plain_loops_are_reported(monkeypatch):
    said = documents("asymmetric", 2)[0]
    monkeypatch.setattr(checker, "PLAIN", 0)
    monkeypatch.setattr(checker, "SPREAD", 10_000)
    assert complaint(said) == ""
    right = checker.joined

    def wrong(*factors):
        letters, numbers = right(*factors)
        return letters, [numbers[0] + 1, *numbers[1:]]

    monkeypatch.setattr(checker, "joined", wrong)
    assert complaint(said) == "packed products and plain loops disagree"
    monkeypatch.setattr(checker, "SPREAD", 0)
    assert complaint(said) == "the factors give another kernel"


@pytest.mark.parametrize("family", ["asymmetric", "cp", "tensor-train", "network-decoupling"])
def test_plain_loops_and_packed_products_agree(family, monkeypatch):
    for said in documents(family, 2):
        for limit in (10**9, 0):
            monkeypatch.setattr(checker, "PLAIN", limit)
            assert complaint(said) == ""


def test_a_width_that_the_groups_do_not_divide_is_refused():
    with pytest.raises(InputError, match="width 3 is no multiple of the 2 groups"):
        asked("grouped-asymmetric", kernel_of(np.zeros((4, 4, 1, 1), int)), 2, Choices((3,)))


def test_an_entry_that_the_prime_divides_is_no_fault_of_the_proof():
    said = fan(0)
    said["kernel"]["entries"] = ["1009", "1", "1", "0"]
    said["certificate"]["minor"] = {"residue": 1008, "prime": 1009}
    assert complaint(said) == ""


# work


def fan(many):
    """One output, one input, and many more factors that share letters of their own."""
    names = "".join(chr(0x4E00 + n) for n in range(many))
    words = ["ou", "iv", *(f"{names[n]}{names[n - 1]}" for n in range(many))]
    sizes = dict.fromkeys("oi" + names, 1) | {"u": 2, "v": 2}
    tensors = [
        {
            "letters": w,
            "extents": [sizes[x] for x in w],
            "entries": ["1"] * (2 if w in ("ou", "iv") else 1),
        }
        for w in words
    ]
    kernel = {"letters": "oiuv", "extents": [1, 1, 2, 2], "entries": ["1", "0", "0", "1"]}
    return {
        "schema": checker.SCHEMA, "kernel": kernel, "einsum": f"{','.join(words)}->oiuv",
        "outputs": "o", "inputs": "i", "sizes": sizes, "verdict": "not exact", "factors": tensors,
        "certificate": {"kept": {}, "row_letters": "u", "rows": [[0], [1]], "column_letters": "v",
                        "columns": [[0], [1]], "minor": "1", "bound": 1},
    }  # fmt: skip


def long_pair(numbers):
    said = deepcopy(documents("asymmetric", 2)[0])
    said["kernel"]["entries"] = numbers(len(said["kernel"]["entries"]))
    return said


def wide_bonds(size, bonds="abcdefgh"):
    """Bonds of their own for each pair of factors: few entries, many products."""
    said = deepcopy(fan(0))
    words = ["ou" + bonds[:4], "iv" + bonds[4:], *bonds]
    sizes = {**said["sizes"], **dict.fromkeys(bonds, size)}
    said["factors"] = [
        {"letters": w, "extents": (e := [sizes[x] for x in w]), "entries": ["1"] * int(np.prod(e))}
        for w in words
    ]
    return {**said, "einsum": f"{','.join(words)}->oiuv", "sizes": sizes, "verdict": "exact"}


def long_minor(text):
    said = fan(0)
    said["certificate"]["minor"] = text
    return said


def large_minor(size):
    said = fan(0)
    rows = [[n % 2] for n in range(size)]
    said["certificate"] |= {"rows": rows, "columns": rows}
    said["certificate"]["minor"] = {"residue": 1, "prime": 2**61 - 1}
    said["kernel"]["entries"] = ["3", "7", "11", "19"]
    return said


HOSTILE = {
    "sixty free factors": lambda: fan(60),
    "sums over many bonds": lambda: wide_bonds(10),
    "one long number": lambda: long_pair(lambda n: ["7" * 3_000_000, *["0"] * (n - 1)]),
    "many long numbers": lambda: long_pair(lambda n: [f"1/{'1' * 15_000}{k}" for k in range(n)]),
    "denominators without a common factor": lambda: long_pair(
        lambda n: [f"1/1{k:09000d}" for k in range(n)]
    ),
    "an exponent": lambda: long_minor("1e999999999"),
    "a long minor": lambda: long_minor("1" * 3_000_000),
    "a large minor": lambda: large_minor(20_000),
    "thousands of terms": lambda: {**fan(0), "einsum": " + ".join(["ou,iv->oiuv"] * 100_000)},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_take_little_work(name, tmp_path):
    """In a process that may not use more than a few seconds and 400 MB of addresses."""
    path = tmp_path / "verdict.json"
    path.write_text(json.dumps(HOSTILE[name]()), encoding="utf-8")
    code, words = within_limits(path)
    assert code in (1, 2), words
    assert words.count("\n") == 1
    assert "Error" not in words or name == "an exponent"


def test_up_to_sixteen_factors_may_stand_on_either_side():
    assert complaint(fan(16)) == ""
    assert complaint(fan(17)) == "the einsum has too many factors to check"


FILES = {
    "lists": b"[" + b"[]," * 7_000_000 + b"[]]",
    "entries": b"[" + b"1.5," * 5_000_000 + b"1]",
    "depth": b"[" * 200_000,
    "a wide text": '["{}\U0001f600"]'.format("a" * 20_000_000).encode(),
    "too long": b" " * 30_000_000,
    "a key twice": b'{"schema": "derive/factor/1", "schema": "derive/factor/1"}',
    "a long integer": b'{"schema": "derive/factor/1", "rank": ' + b"1" * 1_000_000 + b"}",
}


@pytest.mark.parametrize("name", FILES)
def test_hostile_files_take_little_work(name, tmp_path):
    path = tmp_path / "verdict.json"
    path.write_bytes(FILES[name])
    code, words = within_limits(path)
    assert (code, words.count("\n")) == (2, 1)
    assert ("is too large to check" in words) == (name in ("lists", "entries", "depth", "too long"))


def test_an_endless_file_is_too_large():
    code, words = within_limits(Path("/dev/zero"))
    assert (code, words.count("\n")) == (2, 1)


def within_limits(path):
    """The checker's code and words, in a process limited by the system."""

    def limits():
        resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
        resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))

    command = [sys.executable, "-I", checker.__file__, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limits)
    return run.returncode, run.stdout + run.stderr


# what is printed


def printed(said, capsys, tmp_path):
    path = tmp_path / "verdict.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    code = checker.main([str(path)])
    return code, capsys.readouterr().out.splitlines()


def test_it_says_what_it_checked_and_what_not(capsys, tmp_path):
    said = {**documents("asymmetric", 2)[0], "unheard_of": 1}
    assert said["verdict"] == "exact"
    code, lines = printed(said, capsys, tmp_path)
    assert (code, lines) == (
        0,
        [
            "the proof holds",
            "checked: verdict, factors, family, setting, rank, cuts, minimal",
            "not checked: name, floating, layout, stored, bounds, widths, singular_values,"
            " nearness, relative_error, practical, approximations, nearest, curve, curve_error,"
            " curve_sizes, break_even, half_cost, within_error, hint, unheard_of,"
            " (that no other matrix decides)",
        ],
    )


def test_an_undecided_document_decides_nothing(capsys, tmp_path):
    three = np.array([[[[0, 1], [1, 0]], [[1, 0], [0, 0]]]])
    said = asked("cp", kernel_of(three), choices=Choices(ranks=(2,)))
    assert said["verdict"] == "undecided"
    code, lines = printed(said, capsys, tmp_path)
    assert code == 2
    assert lines[0] == "the document decides nothing: there is no proof to check"
    assert lines[1] == "checked: family, setting"
    assert lines[2].startswith("not checked: verdict, reason, ")
    assert "(the lower bound is checked, the upper one is not)" in lines[2]
    code, lines = printed({**said, "setting": {"R": 3}}, capsys, tmp_path)
    assert (code, lines) == (1, ["the setting has other sizes than the einsum"])


def test_names_of_keys_are_printed_without_control_characters(capsys, tmp_path):
    said = {**documents("asymmetric", 2)[0], "\x1b[2J" + "x" * 1000: 1}
    _, lines = printed(said, capsys, tmp_path)
    assert "\\x1b[2J" + "x" * 36 + "," in lines[2]
