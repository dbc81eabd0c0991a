"""Kernels from files and words: every format there and back, and one line for whatever is bad."""

import io
import json
import os
import pickle
import struct
import sys
import zipfile
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.algebra.kernel import Kernel
from derive.kernels import gallery
from derive.notation.errors import InputError
from derive.notation.letters import i, o, t, u, v
from derive.parse import entries as limits
from derive.parse import kernel as reader
from derive.parse import source as streams
from derive.parse.entries import exact
from derive.parse.kernel import read_kernel
from derive.parse.layout import Known
from tests.tools import need

THIRD = Fraction(1, 3)
RANDOM = np.random.default_rng(7)
SHAPES = {2: (3, 5), 3: (4, 2, 3), 4: (4, 2, 3, 5), 5: (3, 2, 2, 3, 1)}
LETTERS = {2: (o, i, u, v), 3: (o, i, v), 4: (o, i, u, v), 5: (o, i, t, u, v)}
FLOATS = ("float16", "float32", "float64")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")


@pytest.fixture
def save(tmp_path, monkeypatch):
    """Write a file below a folder of its own, where the test runs; its name."""
    monkeypatch.chdir(tmp_path)

    def write(name, content):
        if isinstance(content, str):
            content = content.encode()
        (tmp_path / name).write_bytes(content)
        return name

    return write


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def npz(**arrays):
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def tensors(**arrays):
    """A .safetensors file by its own package."""
    try:
        from safetensors import numpy as package
    except ModuleNotFoundError:
        need(False, 'the second writer is missing: pip install -e ".[test]"')
    return package.save({name: np.ascontiguousarray(x) for name, x in arrays.items()})


def by_hand(header, data=b""):
    """The bytes of a .safetensors file, from what its format says."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def sample(shape, dtype):
    if dtype in FLOATS:
        return RANDOM.standard_normal(shape).astype(dtype)
    top = min(np.iinfo(dtype).max, 2**63 - 1)
    return RANDOM.integers(max(np.iinfo(dtype).min, -top), top, shape).astype(dtype)


def listed(array):
    """Every entry by its index, exact, a matrix below two indices of 0."""
    lead = (0, 0) if array.ndim == 2 else ()
    return {(*lead, *at): Fraction(array[at].item()) for at in np.ndindex(array.shape)}


def refusal(source, **options):
    with pytest.raises(InputError) as caught:
        read_kernel(source, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 1200
    return message


def one_line(work, argument):
    """The result of some work, or None if it refused in one line; nothing else may be raised."""
    try:
        return work(argument)
    except InputError as error:
        if "\n" in str(error):
            raise AssertionError(error) from None
        return None


# Every format


@pytest.mark.parametrize("axes", SHAPES)
@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_an_array_is_what_numpy_saved(save, axes, dtype):
    array = sample(SHAPES[axes], dtype)
    read = read_kernel(save("k.npy", npy(array)))
    assert read.kernel.letters == LETTERS[axes]
    assert dict(read.kernel.entries) == listed(array)
    assert read.floating == (dtype if dtype in FLOATS else None)
    assert read.name == "k.npy"


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_a_tensor_is_what_safetensors_saved(save, dtype):
    array = sample((4, 2, 3, 5), dtype)
    file = save("model.safetensors", tensors(a=sample((1,), "int8"), conv=array))
    read = read_kernel(file, key="conv")
    assert dict(read.kernel.entries) == listed(array)
    assert (read.floating, read.name) == (
        dtype if dtype in FLOATS else None,
        "model.safetensors, conv",
    )


def test_bfloat16_is_the_upper_half_of_a_float32(save):
    numbers = np.array([[1.0, -0.5, 3.140625], [2.0**-130, 0.0, 2.0**100]], dtype="<f4")
    halves = (numbers.view("<u4") >> 16).astype("<u2").tobytes()
    header = {"k": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [0, 12]}}
    read = read_kernel(save("k.safetensors", by_hand(header, halves)))
    assert dict(read.kernel.entries) == listed(numbers)
    assert read.floating == "bfloat16"
    rounded = (np.array([[np.pi]], "<f4").view("<u4") >> 16).astype("<u2").tobytes()
    header = {"k": {"dtype": "BF16", "shape": [1, 1], "data_offsets": [0, 2]}}
    assert read_kernel(save("k.safetensors", by_hand(header, rounded))).kernel.nested == [
        [[[Fraction(201, 64)]]]
    ]


@pytest.mark.parametrize(
    "change", [np.asfortranarray, lambda x: x.astype(">f8"), lambda x: x[::-1, ::-1]]
)
def test_order_and_byte_order_in_the_file_do_not_matter(save, change):
    array = change(sample((3, 2, 3, 5), "float64"))
    assert dict(read_kernel(save("k.npy", npy(array))).kernel.entries) == listed(array)


def test_floats_are_the_dyadic_rationals_they_are(save):
    array = np.array([[0.1, 5e-324, 1.7976931348623157e308, -0.0]])
    found = read_kernel(save("k.npy", npy(array))).kernel.nested[0][0][0]
    assert found[0] == Fraction(3602879701896397, 2**55)
    assert found[1:] == [Fraction(1, 2**1074), (2**53 - 1) * 2**971, 0]
    assert all(isinstance(x, int) == (Fraction(x).denominator == 1) for x in found)


def test_truth_values_are_0_and_1_in_arrays_and_in_json(save):
    mask = np.add.outer(np.arange(-2, 3) ** 2, np.arange(-2, 3) ** 2) <= 4
    disc = [list(row) for row in gallery()["disc-2"].table]
    for file in (save("k.npy", npy(mask)), save("k.json", json.dumps(mask.tolist()))):
        read = read_kernel(file)
        assert read.kernel.nested == [[disc]]
        assert {type(x) for x in read.kernel.flat} == {int}


def test_arrays_of_texts_are_exact(save):
    texts = np.array([["1/3", "-0.1"], ["1e-20", "7"]])
    want = [[[[THIRD, Fraction(-1, 10)], [Fraction(1, 10**20), 7]]]]
    assert read_kernel(save("k.npy", npy(texts))).kernel.nested == want
    assert read_kernel(save("k.npz", npz(A_exact=texts))).floating is None


def test_one_of_several_arrays_is_named_by_a_key(save):
    file = save("k.npz", npz(a=np.eye(3), b=np.ones((4, 2, 3, 3), "f4")))
    assert read_kernel(file, key="b").kernel.extents == (4, 2, 3, 3)
    assert read_kernel(file, key="a").floating == "float64"
    assert "2 arrays: name one with --key: a, b" in refusal(file)
    assert "no array 'c'; it has a, b" in refusal(file, key="c")
    assert read_kernel(save("one.npz", npz(only=np.eye(2)))).kernel.extents == (1, 1, 2, 2)
    model = save("m.safetensors", tensors(w=np.eye(3), x=np.ones((2, 2))))
    assert "w (3, 3), x (2, 2)" in refusal(model)
    assert "it has w (3, 3)" in refusal(model, key="y")


def test_a_long_list_of_arrays_is_cut(save):
    arrays = {f"layer{n}": np.eye(2) for n in range(300)}
    assert "300 arrays" in (message := refusal(save("k.npz", npz(**arrays))))
    assert message.endswith("and 288 more")
    assert "and 288 more" in refusal(save("m.safetensors", tensors(**arrays)))


@pytest.mark.parametrize("axes", SHAPES)
def test_keras_has_the_taps_first_and_the_outputs_last(save, axes):
    array = sample(SHAPES[axes], "float32")
    order = (*range(2, axes), 1, 0) if axes > 2 else (0, 1)
    file = save("k.npy", npy(array.transpose(order)))
    read = read_kernel(file, Known("keras"))
    assert read.kernel == read_kernel(save("torch.npy", npy(array))).kernel
    if axes == 4:
        plain = read_kernel(file).kernel
        assert plain.extents == (3, 5, 2, 4)


@pytest.mark.parametrize("axes", SHAPES)
def test_json_goes_there_and_back(save, axes):
    shape = SHAPES[axes]
    numbers = [Fraction(int(a), int(b)) for a, b in RANDOM.integers(1, 99, (np.prod(shape), 2))]
    nested = np.array([str(x) for x in numbers]).reshape(shape).tolist()
    read = read_kernel(save("k.json", json.dumps(nested)))
    assert list(read.kernel.entries.values()) == numbers
    assert read.kernel == read_kernel(save("d.json", json.dumps({"entries": nested}))).kernel
    several = save("s.json", json.dumps({"a": 1, "K": {"entries": nested}, "L": nested}))
    assert (
        read.kernel == read_kernel(several, key="K").kernel == read_kernel(several, key="L").kernel
    )
    flat = {"letters": "any", "extents": shape, "entries": np.ravel(nested).tolist()}
    report = json.dumps({"schema": "derive/factor/1", "kernel": flat, "verdict": "exact"})
    assert read.kernel == read_kernel(save("r.json", report)).kernel
    assert read.kernel == read_kernel(save("r.json", report), key="kernel").kernel


def test_json_reads_decimals_as_they_are_written(save):
    text = '[[0.1, 1e-20, 1E2], ["1/3", -3, "0.30000000000000000001"]]'
    (((first, second),),) = read_kernel(save("k.json", text)).kernel.nested
    assert first == [Fraction(1, 10), Fraction(1, 10**20), 100]
    assert second == [THIRD, -3, Fraction(3 * 10**19 + 1, 10**20)]


TABLE = [[1, Fraction(1, 2), -THIRD], [Fraction(1, 100), 1000, 0]]
SPELLINGS = {
    "commas": "1,1/2,-1/3\n0.01,1e3,0\n",
    "spaces": "1 1/2 -1/3\n1e-2 1000 -0\n",
    "tabs": "1\t.5\t-1/3\n.01\t1E+3\t0",
    "both": " 1 , 0.50 , -1/3 \r\n 1.e-2, 1000.0 ,0\r\n\r\n",
    "comments": "# rows of K\n\n1 2/4 -2/6\n# and\n10e-3 +1000 0\n\n",
    "byte order mark": "\ufeff1 1/2 -1/3\n0.01 1000 0",
    "minus signs": "1 1/2 −1/3\n0.01 1000 −0",
}


@pytest.mark.parametrize("suffix", ["csv", "tsv", "txt"])
@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_a_table_is_read_exactly(save, text, suffix):
    read = read_kernel(save(f"k.{suffix}", text))
    assert read.kernel.nested == [[TABLE]]
    assert read.kernel.letters == (o, i, u, v)
    assert read.floating is None


def test_what_numpy_writes_as_text_is_read(save, tmp_path):
    np.savetxt(tmp_path / "k.txt", [[0.5, -2], [3, 0.25]], header="a kernel")
    want = [[[[Fraction(1, 2), -2], [3, Fraction(1, 4)]]]]
    assert read_kernel("k.txt").kernel.nested == want


RANK_2 = [[1, 2, 1], [2, 4, 2], [1, 2, 2]]
BY_HAND = {
    "1 1/2 -1/3; .01 1e3 0": TABLE,
    "1,1/2,-1/3;0.01,1000,0;": TABLE,
    "[1 1/2 -1/3; 0.01 1000 0]": TABLE,
    "[[1, 1/2, -1/3], [.01, 1e3, 0]]": TABLE,
    '[[1, "1/2", -1/3], [0.01, 1000, +0]]': TABLE,
    "1 2 1;": [[1, 2, 1]],
    "1 2 1": [[1, 2, 1]],
    "-.5": [[Fraction(-1, 2)]],
    "[[7]]": [[7]],
    "1 2 1\n2 4 2\n1 2 2": RANK_2,
    "1\t2\t1\r\n2\t4\t2\r\n1\t2\t2\r\n": RANK_2,
    "1 2 1 \n\n2 4 2 \n1 2 2 \n": RANK_2,
    "1 2 1;\n2 4 2;\n1 2 2;\n": RANK_2,
    "[1, 2, 1\n2, 4, 2\n1, 2, 2]": RANK_2,
}


@pytest.mark.parametrize("source", BY_HAND)
def test_a_matrix_may_be_written_out(source):
    read = read_kernel(source)
    assert read.kernel.nested == [[BY_HAND[source]]]
    assert read.floating is None


def test_a_kernel_of_channels_may_be_written_out():
    read = read_kernel("[[[[1, 2]], [[3, 4]]]]")
    assert read.kernel == Kernel.of([[[[1, 2]], [[3, 4]]]])


def piped(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data), closed=False))


@pytest.mark.parametrize(
    "text",
    [
        *("1 2\n3 1/4\n", "1,2\n3,0.25", "1 2; 3 25e-2", "1\t2\r\n3\t.25\r\n"),
        *("1 2;\n3 1/4;\n", "[1 2; 3 1/4]", "[1 2\n3 1/4]"),
        *('[[1, 2], [3, "1/4"]]', '{"entries": [[1,2],[3,0.25]]}'),
    ],
)
def test_standard_input_takes_tables_and_json(monkeypatch, text):
    piped(monkeypatch, text.encode())
    read = read_kernel("-")
    assert read.kernel.nested == [[[[1, 2], [3, Fraction(1, 4)]]]]
    assert read.name == "standard input"


@pytest.mark.parametrize("name", gallery())
def test_every_kernel_of_the_gallery_is_read_by_name(name):
    read = read_kernel(name)
    assert read.kernel == Kernel.of([[gallery()[name].entries]])
    assert (read.name, read.floating) == (name, gallery()[name].floating)


def test_a_file_goes_before_a_name_but_a_folder_does_not(save, tmp_path):
    (tmp_path / "sobel").mkdir()
    assert read_kernel("sobel").kernel == read_kernel("-1 0 1; -2 0 2; -1 0 1").kernel
    assert "sobel is a folder" in refusal("./sobel")
    save("box-3", "1")
    assert "ends in none of .npy" in refusal("box-3")


# Numbers

SMALL = st.integers(-(10**30), 10**30)


@given(above=SMALL, below=st.integers(1, 10**20), sign=st.sampled_from(["", "+"]))
def test_fractions_are_read_exactly(above, below, sign):
    text = f"{sign if above >= 0 else ''}{above}/{below}"
    assert exact(text) == exact(f" {text.replace('/', ' / ')} ") == Fraction(above, below)


@given(
    digits=SMALL, places=st.integers(0, 60), power=st.integers(-400, 400), e=st.sampled_from("eE")
)
def test_decimals_are_read_exactly(digits, places, power, e):
    body = f"{abs(digits):0{places + 1}d}"
    split = len(body) - places
    text = f"{'-' if digits < 0 else ''}{body[:split]}.{body[split:]}{e}{power:+d}"
    want = digits * Fraction(10) ** (power - places)
    assert exact(text) == want
    assert exact(str(want)) == want


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_the_shortest_text_of_a_float_is_that_decimal(number):
    assert float(exact(repr(number))) == number
    assert exact(repr(number)) == Fraction(repr(number))


@given(text=st.text(alphabet="0123456789+-./eE_ ,;infa[]", max_size=12))
def test_what_is_read_as_a_number_is_one(text):
    found = one_line(exact, text)
    assert found is None or found == Fraction(text.replace(" ", ""))


WORDS = {
    "": "nothing is written here: write 2, -0.5, 1e-3 or 1/3",
    "one": "'one' is no number",
    "1_000": "is no number",
    "1/2/3": "is no number",
    "1.5/2": "is no number",
    "0x10": "is no number",
    "1+2j": "is no number",
    "1 2": "is no number",
    "--1": "is no number",
    "٣": "is no number",
    "½": "is no number",
    "__import__('os').getcwd()": "is no number",
    "3/0": "3/0 divides by 0",
    "nan": "nan is not a finite number",
    "-inf": "-inf is not a finite number",
    "Infinity": "not a finite number",
    "1e999999999": "exponent 999999999 is beyond ±2000",
    "1e-999999999999999999999999": "beyond ±2000",
    "1e2001": "beyond ±2000",
    "1" * 2001: "2001 characters",
    "9**9**9**9": "is no number",
}


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word[:20] or "nothing")
def test_other_words_are_refused(word):
    with pytest.raises(InputError, match=r"^[^\n]{1,200}$") as caught:
        exact(word)
    assert WORDS[word] in str(caught.value)


def test_the_largest_numbers_that_are_read_can_be_printed():
    assert str(exact(f"{'9' * 1990}e2000"))
    assert exact("1e00000000000002") == exact("100")


# Bad input: one line each, which says what and where

TEXTS = {
    "k.csv": {
        "1,2,3\n4,5\n6,7,8\n": "k.csv, line 2 has 2 entries, line 1 has 3",
        "# first\n1 2\n3 4 5\n": "k.csv, line 3 has 3 entries, line 2 has 2",
        "1,2\n\n3,4\n": "k.csv, line 2 is empty: a table is one matrix",
        "": "k.csv is empty",
        "# nothing\n\n": "k.csv is empty",
        "1,2,\n3,4,\n": "k.csv, line 1, entry 3: nothing is written here: write 2",
        "1\t\t1\n2\t\t2\n": "k.csv, line 1, entry 2: nothing is written here",
        "a,b\n1,2\n": "k.csv, line 1, entry 1: 'a' is no number",
        "1,nan\n2,3\n": "k.csv, line 1, entry 2: nan is not a finite number",
        "1 2\n3 1e999999999\n": "k.csv, line 2, entry 2: the exponent",
        "1;2\n3;4\n": "k.csv, line 1 holds a semicolon",
        "0,5;1,5\n": "holds a semicolon",
        "1 2,3\n": "line 1, entry 1: '1 2' is no number",
        b"\xff\xfe1\x00": "k.csv is no text in UTF-8",
        b"\x93NUMPY": "k.csv is no text in UTF-8",
    },
    "k.json": {
        "[[1,2],[3]]": "k.json, [1] has 1 entries, [0] has 2",
        "[[[1,2]],[[3]]]": "k.json, [1][0] has 1 entries, [0][0] has 2",
        "[[1,2],3]": "k.json, [1] is no list, but [0] is one",
        "[[1,[2]],[3,4]]": "k.json, [0][1] is a list, not a number",
        "[[1,{}],[3,4]]": "k.json, [0][1] is an object, not a number",
        "[[1,null],[3,4]]": "k.json, [0][1] is null, not a number",
        '[[1,"x"]]': "k.json, [0][1]: 'x' is no number",
        "[[1,NaN]]": "k.json, [0][1]: NaN is not a finite number",
        "[[1,-Infinity]]": "k.json, [0][1]: -Infinity is not a finite number",
        "[[1,1e999999999]]": "k.json, [0][1]: the exponent 999999999 is beyond",
        f"[[{'7' * 5000}]]": "[0][0]: a number of 5000 characters",
        "[[1,2": "k.json is no JSON",
        "": "k.json is no JSON",
        "[[1 2]]": "k.json is no JSON",
        "[" * 200_000: "k.json is nested too deeply",
        "7": "k.json has 0 axes",
        "[1,2]": "k.json has 1 axis",
        "[]": "k.json has 1 axis",
        "[[]]": "k.json has no entries: axis 2 of 1 × 0 is 0",
        "[[[[]]]]": "axis 4 of 1 × 1 × 1 × 0",
        "[[[[[[1]]]]]]": "k.json has 6 axes",
        "[[[[[[[[1]]]]]]]]": "k.json has 6 axes",
        "{}": "k.json has no 'entries'",
        '{"a": [[1]], "b": 2}': "name one of 'a', 'b' with --key",
        '{"entries": "1 2"}': "k.json has 0 axes",
        '{"entries": [1, 2, 3], "extents": [2, 2]}': "k.json has 3 entries for 2 × 2",
        '{"entries": [1, "x"], "extents": [1, 2]}': "k.json, [1]: 'x' is no number",
        '{"entries": [1, [2]], "extents": [1, 2]}': "k.json, [1] is a list, not a number",
        '{"entries": [1, 2], "extents": [1, 2.5]}': "k.json, extents must be whole numbers",
        '{"entries": [1, 2], "extents": [-1, -2]}': "k.json, extents must be whole numbers",
        '{"entries": [1, 2], "extents": [true, 2]}': "k.json, extents must be whole numbers",
        '{"entries": [1, 2], "extents": [1, 1e99999]}': "k.json, extents: the exponent",
        '{"entries": [1, 2], "extents": 2}': "k.json has extents: it needs one list",
        '{"entries": {"a": 1}, "extents": [2]}': "k.json has extents: it needs one list",
        '{"entries": [], "extents": [0, 2]}': "k.json has no entries: axis 1 of 0 × 2",
        '{"entries": [7], "extents": [1]}': "k.json has 1 axis",
        b"\xe9": "no text in UTF-8",
    },
}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [(name, text, words) for name, cases in TEXTS.items() for text, words in cases.items()],
    ids=lambda x: str(x)[:25],
)
def test_bad_texts(save, name, text, words):
    assert words in refusal(save(name, text))


def test_bad_keys(save):
    assert "leave out --key" in refusal(save("k.csv", "1 2"), key="a")
    assert "leave out --key" in refusal(save("k.npy", npy(np.eye(2))), key="a")
    assert "leave out --key" in refusal(save("k.json", "[[1]]"), key="a")
    assert "has no 'b'; it has 'a'" in refusal(save("k.json", '{"a": [[1]]}'), key="b")
    assert "no file 'sobel' to look up --key a in" in refusal("sobel", key="a")


def sharp(array, *index, value):
    array = array.copy()
    array[index] = value
    return array


class Evil:
    """Unpickled, it would make a folder."""

    def __reduce__(self):
        return os.mkdir, ("unpickled",)


GOOD = npy(np.arange(18.0).reshape(2, 1, 3, 3))
HUGE = GOOD.replace(b"'shape': (2, 1, 3, 3)", b"'shape': (9**9, 9, 9)")
ARRAYS = {
    "nan": (npy(sharp(np.ones((2, 1, 3, 3)), 1, 0, 2, 0, value=np.nan)), "[1][0][2][0] is nan"),
    "infinite": (npy(sharp(np.ones((3, 3), "f4"), 0, 2, value=-np.inf)), "[0][2] is -inf"),
    "complex": (npy(np.ones((3, 3), complex)), "holds complex numbers: a kernel is real"),
    "objects": (npy(np.array([[Fraction(1, 3)]]), allow_pickle=True), "Python objects, which are"),
    "evil objects": (npy(np.array([[Evil()]]), allow_pickle=True), "pickled and never read"),
    "pickle": (pickle.dumps(np.eye(3)), "k.npy is a pickle, which is never read"),
    "evil pickle": (pickle.dumps(Evil()), "k.npy is a pickle"),
    "old pickle": (pickle.dumps(Evil(), protocol=0), "k.npy is no NumPy array"),
    "records": (npy(np.zeros((2, 2), [("a", "f4")])), "records or raw bytes"),
    "dates": (npy(np.zeros((2, 2), "M8[s]")), "datetime64[s], not numbers"),
    "bytes": (npy(np.array([[b"1", b"2"]])), "bytes8, not numbers"),
    "long double": (npy(np.ones((2, 2), np.longdouble)), "save it as float64"),
    "texts": (npy(np.array([["1", "x"]])), "[0][1]: 'x' is no number"),
    "long texts": (npy(np.array([["1" * 999]])), "texts longer than a number"),
    "no axis": (npy(np.float64(1)), "k.npy has 0 axes"),
    "one axis": (npy(np.ones(3)), "k.npy has 1 axis"),
    "six axes": (npy(np.ones((1,) * 6)), "k.npy has 6 axes"),
    "empty axis": (npy(np.ones((3, 0))), "no entries: axis 2 of 3 × 0 is 0"),
    "empty channels": (npy(np.ones((0, 3, 3, 3))), "axis 1 of 0 × 3 × 3 × 3"),
    "nothing": (b"", "k.npy is no NumPy array"),
    "cut header": (GOOD[:40], "k.npy is damaged or cut off"),
    "cut data": (GOOD[:-1], "k.npy is damaged or cut off"),
    "no data": (GOOD[: GOOD.index(b"\n") + 1], "k.npy is damaged or cut off"),
    "code in the header": (HUGE, "k.npy is damaged or cut off"),
    "nul in the header": (GOOD[:60] + b"\0" + GOOD[61:], "k.npy is damaged or cut off"),
    "open bracket": (GOOD.replace(b"}", b"("), "k.npy is damaged or cut off"),
    "newer": (GOOD[:6] + b"\x07" + GOOD[7:], "version (7, 0) of NumPy's format"),
    "zip": (npz(a=np.eye(2)), "k.npy is no NumPy array"),
}


@pytest.mark.parametrize("case", ARRAYS)
def test_bad_arrays(save, case, tmp_path):
    content, words = ARRAYS[case]
    assert words in refusal(save("k.npy", content))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("k.npy", content)
    assert words.removeprefix("k.npy ") in refusal(save("k.npz", packed.getvalue()))
    assert not (tmp_path / "unpickled").exists()


def test_the_size_is_judged_before_the_entries_are_read(save, monkeypatch):
    claim = np.lib.format
    stream = io.BytesIO()
    claim.write_array_header_1_0(
        stream, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10**9)}
    )
    message = refusal(save("k.npy", stream.getvalue()))
    assert (
        "1,000,000,000,000,000,000 entries (1000000000 × 1000000000): at most 10,000,000" in message
    )
    header = {"k": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 4]}}
    assert "at most 10,000,000 are read" in refusal(save("k.safetensors", by_hand(header, b"abcd")))
    monkeypatch.setattr(limits, "LARGEST", 8)
    assert "has 9 entries (3 × 3): at most 8" in refusal("1 2 3; 4 5 6; 7 8 9")
    assert "has 9 entries" in refusal(save("k.json", "[[1,2,3],[4,5,6],[7,8,9]]"))
    monkeypatch.setattr(streams, "LONGEST", 5)
    assert "more than 5 bytes of text" in refusal(save("k.csv", "1 2 3 4"))


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


ZIPS = {
    "no zip": (
        b"PK but not really",
        "k.npz is damaged or cut off: it is no zip archive, as numpy.savez",
    ),
    "nothing": (b"", "is damaged or cut off"),
    "cut": (npz(a=np.eye(3))[:-9], "is damaged or cut off"),
    "flipped": (flipped(npz(a=np.arange(99.0).reshape(9, 11))), "is damaged or cut off"),
    "empty": (npz(), "k.npz holds no arrays"),
}


@pytest.mark.parametrize("case", ZIPS)
def test_bad_archives(save, case):
    content, words = ZIPS[case]
    assert words in refusal(save("k.npz", content))


def test_a_model_that_is_a_zip_of_pickles_is_refused(save, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Evil()))
    assert "holds a pickle, which is never read" in refusal(save("k.npz", packed.getvalue()))
    assert not (tmp_path / "unpickled").exists()


TENSOR = {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}
SAFE = {
    "nothing": (b"", "its header is longer than the file"),
    "short": (b"abc", "is damaged or cut off"),
    "long header": (struct.pack("<Q", 2**60) + b"{}", "its header is longer than the file"),
    "no JSON": (by_hand(b"{nope"), "is damaged or cut off"),
    "a list": (by_hand([1, 2]), "is damaged or cut off"),
    "no tensors": (by_hand({"__metadata__": {"a": "b"}}), "holds no arrays"),
    "cut": (by_hand({"k": TENSOR}, b"1234567"), "it ends too early"),
    "wrong size": (by_hand({"k": TENSOR | {"data_offsets": [0, 4]}}, bytes(8)), "4 bytes for 2"),
    "before": (by_hand({"k": TENSOR | {"data_offsets": [-8, 0]}}, bytes(8)), "is damaged"),
    "no shape": (by_hand({"k": {"dtype": "F32"}}, bytes(8)), "is damaged or cut off"),
    "shape of words": (by_hand({"k": TENSOR | {"shape": "ab"}}, bytes(8)), "is damaged"),
    "negative": (by_hand({"k": TENSOR | {"shape": [-1, -2]}}, bytes(8)), "is damaged"),
    "no tensor": (by_hand({"k": 7}, bytes(8)), "is damaged or cut off"),
    "eighths": (
        by_hand({"k": TENSOR | {"dtype": "F8_E4M3"}}, bytes(8)),
        "k has F8_E4M3 entries",
    ),
    "complex": (by_hand({"k": TENSOR | {"dtype": "C64"}}, bytes(16)), "k has C64 entries; F64"),
    "nan": (by_hand({"k": TENSOR}, struct.pack("<2f", 1, np.nan)), "k, [0][1] is nan"),
    "one axis": (by_hand({"k": TENSOR | {"shape": [2]}}, bytes(8)), "k has 1 axis"),
    "digits": (by_hand(b'{"k": ' + b"1" * 5000 + b"}"), "is damaged or cut off"),
    "deep": (by_hand(b"[" * 200_000), "is damaged or cut off"),
}


@pytest.mark.parametrize("case", SAFE)
def test_bad_tensors(save, case):
    content, words = SAFE[case]
    assert words in refusal(save("k.safetensors", content))


PLACES = {
    "nowhere.npy": "there is no file 'nowhere.npy'",
    "no/such/kernel": "there is no file",
    "sobol": "did you mean sobel?",
    "laplacian": "did you mean laplacian-",
    "": "'' is no file, no matrix such as '1 2; 2 4' and no kernel of the gallery",
    "xyzzy": "no kernel of the gallery; there are delta-3, box-3",
    "a" * 5000: "is no file",
    "nul\0.npy": "there is no file",
    "1 2 x": "no matrix such as",
    "3x3": "no matrix such as",
    "1 2\n3": "the kernel, row 2 has 1 entries, row 1 has 2",
    "1;2\n3;4": "the kernel, row 1 holds a semicolon",
    "1 2\n3 4\n\n5 6\n7 8": "blank lines divide it into 2 tables of 2 rows: write one matrix",
    "1\t\t1\n2\t\t2": "the kernel, row 1, entry 2: nothing is written here",
    "; ;": "the kernel, row 1 is empty",
    ";": "the kernel, row 1 is empty",
    "1 2; 3": "the kernel, row 2 has 1 entries, row 1 has 2",
    "[[1, 2], [3]]": "the kernel, [1] has 1 entries",
    "[[1, 2": "the brackets or commas do not match: write [[1, 2], [3, 4]] or 1 2; 3 4",
    "[1, 2]": "the kernel has 1 axis",
    "[1 2; 3 nan]": "row 2, entry 2: nan is not a finite number",
    "[[__import__('os')]]": "is no number",
}


@pytest.mark.parametrize("source", PLACES, ids=lambda x: x[:20] or "nothing")
def test_sources_that_are_none(save, source):
    assert PLACES[source] in refusal(source)


@pytest.mark.parametrize("suffix", ["pt", "pth", "bin", "pkl", "ckpt", "h5", "keras", "PT"])
def test_models_are_refused_with_what_to_do(save, suffix, tmp_path):
    assert "numpy.save('kernel.npy', layer." in refusal(save(f"m.{suffix}", pickle.dumps(Evil())))
    assert not (tmp_path / "unpickled").exists()


def test_other_files_are_refused(save, tmp_path):
    assert "k.mat ends in none of .npy, .npz" in refusal(save("k.mat", b""))
    (tmp_path / "d.npy").mkdir()
    assert "d.npy is a folder" in refusal("d.npy")
    locked = save("locked.csv", "1 2")
    os.chmod(locked, 0)
    if os.access(locked, os.R_OK):
        return  # the superuser reads anything
    assert "cannot read locked.csv: Permission denied" in refusal(locked)
    os.rename(locked, "locked.npy")
    assert "cannot read locked.npy: Permission denied" in refusal("locked.npy")


def test_a_failing_disk_is_one_line(save, monkeypatch):
    def fail(*_, **__):
        raise OSError(5, "Input/output error")

    names = [save(f"k{suffix}", "1 2") for suffix in reader.SUFFIXES]
    monkeypatch.setattr(reader.Path, "open", fail)
    monkeypatch.setattr(zipfile, "ZipFile", fail)
    for name in names:
        assert "Input/output error" in refusal(name)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "standard input is empty"),
        (b"1 2\n3\n", "standard input, line 2 has 1 entries"),
        (b"\xff", "standard input is no text in UTF-8"),
        (b"[[1,2]", "standard input is no JSON"),
        (b"1 2; 3", "standard input, row 2 has 1"),
    ],
)
def test_bad_standard_input(monkeypatch, data, words):
    piped(monkeypatch, data)
    assert words in refusal("-")


def test_closed_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert "standard input is closed" in refusal("-")
    piped(monkeypatch, b"1 2")
    assert "leave out --key" in refusal("-", key="a")


VALID = {
    "k.npy": GOOD,
    "k.npz": npz(a=np.eye(3), b=np.eye(2)),
    "k.json": b'{"entries": [[1, 0.5]]}',
    "k.csv": b"1,2\n3,1/4",
    "k.safetensors": by_hand({"k": TENSOR}, bytes(8)),
}


@pytest.mark.parametrize("name", VALID)
@given(data=st.data())
@settings(max_examples=60)
def test_damaged_files_are_kernels_or_one_line(tmp_path_factory, name, data):
    content = bytearray(VALID[name])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    path = tmp_path_factory.mktemp("fuzz") / name
    path.write_bytes(content[:end])
    one_line(read_kernel, str(path))


@given(text=st.text(alphabet="0123456789+-./eE ,;[]\"'\n#ninfa{}:", max_size=40))
@settings(max_examples=300)
def test_any_text_is_a_kernel_or_one_line(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8")
    for source in (str(path), f"[{text}]", f"{text};"):
        one_line(read_kernel, source)


EVENTS = []
LISTENING = []


def _listen(event, _):
    if LISTENING and event in ("exec", "compile", "pickle.find_class", "import", "os.mkdir"):
        EVENTS.append(event)


sys.addaudithook(_listen)


def test_nothing_is_ever_run(save):
    """The interpreter itself reports whatever is compiled, run, imported or unpickled."""
    evil = '__import__("os").mkdir("unpickled")'
    sources = {
        "a matrix": "1 2; 3 4",
        "code by hand": f"[[{evil}]]",
        "more of it": f"{evil};",
        "table": save("k.csv", f"1,{evil}\n"),
        "json": save("k.json", json.dumps([[1, evil]])),
        "tensors": save("k.safetensors", by_hand({evil: TENSOR}, bytes(8))),
    }
    for source in sources.values():
        for listening in (False, True):  # what is imported lazily is imported once
            LISTENING[:] = [True] * listening
            try:
                one_line(read_kernel, source)
            finally:
                LISTENING.clear()
    assert EVENTS == []
    LISTENING.append(True)
    try:
        eval("1 + 1")
    finally:
        LISTENING.clear()
    assert EVENTS, "the listener hears"
    EVENTS.clear()
