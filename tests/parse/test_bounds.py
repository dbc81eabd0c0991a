"""Whatever is typed or opened: refused in one short line before any work, whatever its size."""

import io
import json
import os
import resource
import socket
import struct
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from random import Random

import numpy as np
import pytest

from derive.notation.errors import InputError
from derive.parse import entries as limits
from derive.parse import text as texts
from derive.parse.kernel import read_kernel
from tests.tools import need

FOREIGN = (
    *("Exceeds the limit", "invalid literal", "codec", "Expecting", "Extra data", "Traceback"),
    *("unpack", "subscriptable", "NoneType", "unhashable", "object cannot", "dtype descr", "CRC"),
    *("recursion depth", "unknown dimension", "EOF", "Cannot parse", "not understood"),
)  # words of Python and its libraries
DIGITS = "9" * 5000


def refusal(source, **options):
    with pytest.raises(InputError) as caught:
        read_kernel(source, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 400
    assert not [word for word in FOREIGN if word in message], message
    return message


@pytest.fixture
def save(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


def saved(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def npy(shape="(3, 3)", descr="'<f8'", order="False", version=1, data=bytes(72)):
    """A .npy file with any words in its header."""
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    return b"\x93NUMPY" + bytes([version, 0]) + packed(text, version) + data


def packed(text, version=1):
    header = text.encode("latin-1")
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return struct.pack("<H" if version == 1 else "<I", len(header)) + header


def archive(*members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, content in members:
            file.writestr(name, content)
    return stream.getvalue()


def tensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


GOOD = saved(np.arange(9.0).reshape(3, 3))
STEEP = "('<f8', (2,))"
HEADERS = {
    "true": (npy("(True, 9)"), "what numpy.save writes at \"'shape': (True, 9),\""),
    "negative": (npy("(-3, -3)"), "what numpy.save writes at"),
    "float": (npy("(3.0, 3)"), "what numpy.save writes at"),
    "list": (npy("[3, 3]"), "what numpy.save writes at"),
    "product overflows": (npy("(4611686018427387904, 4, 4)"), "axis 1 has extent 4611686..."),
    "digits": (npy(f"({DIGITS}, 3)"), "what numpy.save writes at"),
    "comma in the format": (npy(descr="',f2'"), "',f2', which is no format of NumPy"),
    "digits in the format": (npy(descr=f"'<f{DIGITS}'"), "which is no format of NumPy"),
    "escape in the format": (npy(descr="'\x1b[31m'"), r"'\x1b[31m', which is no format"),
    "wide texts": (npy(descr="'<U999999'"), "texts longer than a number"),
    "number as format": (npy(descr="7"), "what numpy.save writes at \"'descr': 7"),
    "records": (npy(descr="[('a', '<f8')]"), "holds records or raw bytes"),
    "subarrays": (npy(descr=STEEP), "holds records or raw bytes"),
    "order": (npy(order="7"), "what numpy.save writes at \"'fortran_order': 7"),
    "two shapes": (npy("(3, 3), 'shape': (9, 1)"), "its header gives shape twice"),
    "no shape": (npy().replace(b", 'shape': (3, 3)", b" " * 17), "has no shape"),
    "long header": (
        b"\x93NUMPY\x02\0" + struct.pack("<I", 2**30) + b"{" * 99,
        "claims 1,073,741,824 bytes",
    ),
    "signs": (b"\x93NUMPY\x01\0" + packed("{" + "-" * 9000 + "1}"), "what numpy.save writes at"),
    "cut": (GOOD[:-5], "it has 67 of the 72 bytes that its shape needs"),
    "more": (GOOD + b"x", "goes on after the 72 bytes"),
    "no data": (npy("(3000, 3000)"), "it has 72 of the 72,000,000 bytes"),
    "characters": (npy("(1, 1)", "'<U1'", data=b"\xff" * 4), "that Unicode does not have"),
    "no characters": (npy(descr="'<U0'", data=b""), "texts longer than a number that is read"),
}


@pytest.mark.parametrize("case", HEADERS)
def test_headers_of_arrays(save, case):
    content, words = HEADERS[case]
    assert words in refusal(save("k.npy", content))
    assert words in refusal(save("k.npz", archive(("k.npy", content))))


def test_a_text_array_is_bounded_by_its_bytes(save):
    message = refusal(save("k.npy", npy("(1000, 1000)", "'<U256'")))
    assert "has 1,024,000,000 bytes of text: at most 134,217,728 are read" in message


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f8", ">f8", ">i2", "?"])
@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_order_and_version_is_read(save, order, dtype, version):
    array = np.asarray(np.arange(6).reshape(2, 3) % 2, dtype, order=order)
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version)
    assert read_kernel(save("k.npy", stream.getvalue())).kernel.nested == [[array.tolist()]]


def marked(content, local, central, value):
    """An archive of one member with some bytes of its two headers replaced."""
    data, second = bytearray(content), content.rindex(b"PK\x01\x02")
    data[local : local + len(value)] = value
    data[second + central : second + central + len(value)] = value
    return bytes(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archives(save):
    twice = archive(("a.npy", GOOD), ("a.npy", saved(np.zeros((3, 3)))))
    assert "holds a twice: give every array a name" in refusal(save("k.npz", twice))
    one = archive(("a.npy", GOOD))
    assert "a is encrypted" in refusal(save("k.npz", marked(one, 6, 8, b"\1")))
    assert "packed by a method" in refusal(save("k.npz", marked(one, 8, 10, b"\x63")))
    lzma = archive(("a.npy", GOOD), method=zipfile.ZIP_LZMA)
    assert "packed by a method" in refusal(save("k.npz", lzma))
    small = marked(one, 22, 24, struct.pack("<I", 50))
    assert "their checksum in the archive disagree" in refusal(save("k.npz", small))
    bomb = archive(("a.npy", npy(data=bytes(10**7))))
    assert "goes on after the 72 bytes" in refusal(save("k.npz", bomb))
    name = "x" * 5000
    assert f"{'x' * 37}... is no NumPy array" in refusal(
        save("k.npz", archive((f"{name}.npy", b"")))
    )
    assert read_kernel(save("k.npz", archive(("../a.npy", GOOD)))).kernel.nested[0][0][0][1] == 1


ONE = {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}
TENSORS = {
    "key twice": (b'{"k": {}, "k": {}}', 0, "its header gives the key 'k' twice"),
    "field twice": (b'{"k": {"dtype": "F32", "dtype": "I32"}}', 0, "the key 'dtype' twice"),
    "shared": ({"k": ONE, "l": ONE}, 8, "k and l share bytes"),
    "out of range": ({"k": ONE, "l": {**ONE, "data_offsets": [8, 16]}}, 8, "bytes 8 to 16 of 8"),
    "hole": ({"k": {**ONE, "data_offsets": [8, 16]}}, 16, "bytes 0 to 8 belong to no tensor"),
    "rest": ({"k": ONE}, 20, "bytes 8 to 20 belong to no tensor"),
    "list as format": ({"k": {**ONE, "dtype": [1]}}, 8, "dtype is a word"),
    "floats": ({"k": {**ONE, "shape": [1.0, 2]}}, 8, "are lists of whole numbers"),
    "true": ({"k": {**ONE, "shape": [True, 2]}}, 8, "are lists of whole numbers"),
    "three offsets": ({"k": {**ONE, "data_offsets": [0, 8, 9]}}, 8, "are lists of whole numbers"),
    "digits": (f'{{"k": {DIGITS}}}'.encode(), 0, "a tensor needs dtype"),
    "no UTF-8": (b'{"\xff": 1}', 0, "its header is no UTF-8 at byte 2"),
    "no JSON": (b"{nope", 0, "its header is no JSON: line 1, column 2"),
    "long format": ({"k": {**ONE, "dtype": "z" * 5000}}, 8, f"k has {'z' * 37}... entries"),
}


@pytest.mark.parametrize("case", TENSORS)
def test_headers_of_tensors(save, case):
    header, size, words = TENSORS[case]
    assert words in refusal(save("k.safetensors", tensors(header, bytes(size))), key="k")


def test_a_long_header_of_tensors_is_not_read(save):
    path = save("k.safetensors", struct.pack("<Q", 2**25))
    os.truncate(path, 2**25 + 8)
    assert "claims 33,554,432 bytes, at most 16,777,216" in refusal(path)


DOCUMENTS = {
    '{"entries": [1], "extents": [1e2000, 1]}': "axis 1 has extent 1000000...: at most",
    '{"entries": [1], "extents": [1, 1e400]}': "axis 2 has extent 1000000...: at most",
    '{"entries": [[1]], "entries": [[2]]}': "gives the key 'entries' twice: leave out one",
    '{"a": {"b": 1, "b": 2}, "entries": [[1]]}': "gives the key 'b' twice",
    f'{{"{DIGITS}": 1, "{DIGITS}": 2}}': f"gives the key '{'9' * 37}...' twice",
    '{"a":' * 100_000: "is nested too deeply",
    f"[[{DIGITS}]]": "a number of 5000 characters",
    "[[1,\n x]]": "is no JSON: line 2, column 2 cannot go on with 'x]]'",
    "[[1,2": "is no JSON: it ends in line 1, column 6, before it is complete",
    " ": "is no JSON: it is empty",
    "[[1]] [[2]]": "is no JSON: line 1, column 7 cannot go on with '[[2]]'",
    "[[1,\0]]": "is no text in UTF-8: byte 5, on line 1, is 0x00",
    b"[[1,\n\xff]]": "is no text in UTF-8: byte 6, on line 2, is 0xff",
    "[[1]]".encode("utf-16"): "is no text in UTF-8 but in UTF-16: save it as UTF-8",
    "[" + "{}," * 100_001 + "1]": "has 100,001 objects: at most 100,000 are read",
}


@pytest.mark.parametrize("text", DOCUMENTS, ids=lambda x: str(x)[:20])
def test_documents(save, text):
    assert DOCUMENTS[text] in refusal(save("k.json", text))


def test_letters_that_are_no_word_are_left_alone(save):
    deep = "[" * 900 + "]" * 900
    text = f'{{"entries": [1], "extents": [1, 1], "letters": {deep}}}'
    assert read_kernel(save("k.json", text)).kernel.nested == [[[[1]]]]


def test_a_table_is_counted_before_it_is_read(save, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST", 8)
    monkeypatch.setattr(texts, "LINES", 6)

    def never(word):
        raise AssertionError(f"{word} is read")

    monkeypatch.setattr(texts, "number_of", never)
    for row in ("1,1,1", "1 1 1", "1\t\t1"):
        table = f"{row}\n" * 3
        assert "has 9 entries (3 × 3): at most 8" in refusal(save("k.csv", table))
    assert "line 2 has 9 entries, line 1 has 1" in refusal(save("k.csv", "1\n" + "1 " * 9))
    assert "has 7 lines: at most 6" in refusal(save("k.csv", "\n" * 6))
    assert "has 7 lines: at most 6" in refusal(save("k.csv", "#\r\n" * 6))
    assert "has 7 rows: at most 6" in refusal(";" * 7)
    assert "has 10 and more parts: at most 8" in refusal(save("k.json", "[" + "1," * 10 + "1]"))


HEAVY = {
    "k.json": ("[" + "[1]," * (10**7 - 2) + "[2, 3]]", "and more parts: at most 1,000,000"),
    "k.csv": ("12,12,12,12\n" * 999_999 + "12,12,12,x", "has 1,000,000 lines: at most 250,000"),
}


@pytest.mark.parametrize("name", HEAVY)
def test_no_text_takes_more_than_300_megabytes(save, name):
    """Each is a text that stays within the bound on bytes, and is no kernel."""
    need(Path("/proc/self/status").exists(), "only Linux says how much memory a process took")
    text, words = HEAVY[name]
    command = [sys.executable, "-c", ALONE, save(name, text)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    peak, _, message = run.stdout.partition(" ")
    assert words in message
    assert int(peak) < 300_000


# The peak of this process: that of getrusage begins with its parent's.
ALONE = """
import sys
from derive.notation.errors import InputError
from derive.parse.kernel import read_kernel
try:
    read_kernel(sys.argv[1])
except InputError as error:
    status = open("/proc/self/status").read().split()
    print(status[status.index("VmHWM:") + 1], error)
"""


def test_lists_and_cells_are_counted_before_they_are_read(save, monkeypatch):
    monkeypatch.setattr(texts, "LISTS", 6)
    monkeypatch.setattr(texts, "CELLS", 6)
    lists = "[[1],[2],[3],[4],[5],[6],[7]]"
    assert "has 8 lists: at most 6 are read; save it as .npy" in refusal(save("k.json", lists))
    table = save("k.csv", "1 2 3 4\n1 2 3 x")
    assert "has 8 entries: at most 6 of a table are read; save it as .npy" in refusal(table)


def test_nested_lists_by_hand_are_counted_before_they_are_read(monkeypatch):
    monkeypatch.setattr(texts, "LISTS", 6)
    assert "has 8 lists: at most 6 are read" in refusal("[[1],[2],[3],[4],[5],[6],[7]]")


def test_a_long_row_is_counted_in_pieces(save, monkeypatch):
    monkeypatch.setattr(texts, "PIECE", 3)
    for row in ("1 22 333 4444", "11  2 3", "1", "12 345 6 "):
        words = row.split()
        assert read_kernel(save("k.csv", row)).kernel.extents[-1] == len(words)


@pytest.mark.parametrize("end", [*texts.BREAKS, "\r\n"])
def test_lines_end_in_many_ways(save, end):
    assert read_kernel(save("k.csv", f"1 2{end}3 4{end}")).kernel.nested == [[[[1, 2], [3, 4]]]]


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".safetensors", ".json", ".csv"])
def test_only_files_are_opened(tmp_path, suffix):
    pipe, zero, plug = (tmp_path / f"{name}{suffix}" for name in ("pipe", "zero", "plug"))
    os.mkfifo(pipe)
    zero.symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(plug))
        assert f"plug{suffix} is a socket, not a file" in refusal(str(plug))
    assert f"pipe{suffix} is a named pipe, not a file" in refusal(str(pipe))
    assert f"zero{suffix} is a device, not a file" in refusal(str(zero))
    nowhere = tmp_path / f"nowhere{suffix}"
    nowhere.symlink_to(nowhere)
    assert "is a link that leads to no file" in refusal(str(nowhere))


def test_a_pipe_of_the_shell_is_read():
    need(os.path.isdir("/dev/fd"), "this system names no open pipes")
    ends = os.pipe()
    os.write(ends[1], b"1 2\n3 4\n")
    os.close(ends[1])
    try:
        assert read_kernel(f"/dev/fd/{ends[0]}").kernel.nested == [[[[1, 2], [3, 4]]]]
    finally:
        os.close(ends[0])


def test_memory_that_cannot_be_read_is_one_line(tmp_path):
    link = tmp_path / "k.npy"
    link.symlink_to("/proc/self/mem")
    if link.exists():
        assert "cannot read k.npy: Input/output error" in refusal(str(link))


ENDLESS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
from derive.cli import main
sys.argv = ["derive", "factor", "-"]
main()
"""


def test_an_endless_input_is_refused():
    with open("/dev/zero", "rb") as zero:
        run = subprocess.run(
            [sys.executable, "-c", ENDLESS], stdin=zero, capture_output=True, text=True, check=False
        )
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "standard input is no text in UTF-8: byte 1, on line 1, is 0x00" in run.stderr
    assert used > 0


# Damage by chance, the same every time

FILES = {
    "k.npy": GOOD,
    "k.npz": archive(("a.npy", GOOD)),
    "k.safetensors": tensors({"k": ONE}, bytes(8)),
    "k.json": b'{"entries": [1, "1/3", 0.5, 2], "extents": [2, 2], "letters": "oi"}',
    "k.csv": b"1,2,1/2\n# no\n3,4,1e3\n",
}


def damaged(content, chance):
    """Flipped bits, other bytes, cuts, and pieces that stand twice or elsewhere."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randint(0, len(data)) for _ in range(2))
        kind = chance.randrange(5)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and at < len(data):
            data[at] = chance.choice(b'\0\xff9-"[]{}(),:\n\x1be')
        elif kind == 2:
            del data[at : min(end, at + 30)]
        elif kind == 3:
            data[at:at] = data[at : min(end, at + 30)]
        else:
            data[at:at] = chance.choice((b"9" * 40, b"[" * 90, b"-1", b"True", b'"a":1,', b"1e999"))
    return bytes(data)


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_kernels_or_one_short_line(save, name):
    chance = Random(name)
    for _ in range(150):
        path = save(name, damaged(FILES[name], chance))
        with suppress(InputError):
            read_kernel(path)
            continue
        refusal(path)


def test_a_mistake_at_the_end_of_a_table_is_found_before_any_number_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr("derive.parse.text.number_of", lambda _: pytest.fail("a number was made"))
    path = tmp_path / "k.csv"
    path.write_text("1,0.5\n" * 9 + "2,x\n")
    with pytest.raises(InputError, match=r"k\.csv, line 10, entry 2: 'x' is no number"):
        read_kernel(path)
