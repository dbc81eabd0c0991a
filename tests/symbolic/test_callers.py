"""Plain Python callers: a wrong argument gets one line that says what would be right."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sympy import IndexedBase, Symbol

import derive
from derive.algebra.kernel import Kernel
from derive.catalogue import own_line
from derive.comparison import Choices
from derive.decide.verdict import decide
from derive.decide.width import minimal
from derive.facts import compare
from derive.notation.errors import InputError
from derive.notation.family import Family
from derive.notation.letters import C_in, i, m, o, u, v
from derive.parse.kernel import read_kernel
from derive.parse.layer import read_layer
from derive.parse.layout import Known
from derive.parse.line import read_line
from derive.proof.library import THEOREMS
from derive.proof.run import Session

A = IndexedBase("A")[o, i, u, v]
LINE = derive.families["asymmetric"].line
SOBEL = read_kernel("sobel").kernel
SIZES = derive.families["asymmetric"].formulas["parameters"]
MIDDLE = derive.families["pointwise"].parameters
WRONG = {
    "no kernel": (lambda: read_kernel(None), "an array or nested lists, not NoneType"),
    "a number": (lambda: read_kernel(3), "a matrix in text such as '1 2; 2 4'"),
    "bytes": (lambda: read_kernel(b"1 2"), "not bytes"),
    "a missing path": (lambda: read_kernel(Path("nowhere.npy")), "no file 'nowhere.npy'"),
    "a ragged list": (lambda: read_kernel([[1, 2], [3]]), "[1] has 1 entries, [0] has 2"),
    "a list of None": (lambda: read_kernel([[1, None]]), "[0][1] is null, not a number"),
    "complex lists": (lambda: read_kernel([[1, 2j]]), "[0][1] is of type complex"),
    "a list with nan": (lambda: read_kernel([[1.0, float("nan")]]), "[0][1] is nan"),
    "one axis": (lambda: read_kernel(np.ones(3)), "the kernel has 1 axis: a kernel has 2"),
    "a complex array": (lambda: read_kernel(np.ones((2, 2), complex)), "a kernel is real"),
    "an infinite array": (lambda: read_kernel(np.full((1, 2), np.inf)), "[0][0] is inf"),
    "a key of an array": (lambda: read_kernel(np.eye(2), key="a"), "leave out key='a'"),
    "floats": (lambda: Kernel.of([[0.5, 1]], (u, v)), "needs integers and Fractions"),
    "a float array": (lambda: Kernel.of(np.ones((1, 1, 2, 2))), "read_kernel takes floats"),
    "a function of floats": (lambda: Kernel.by(lambda u, v: 0.5, u=1, v=1), "not 0.5"),
    "words": (lambda: Kernel.of([["1"]], (u, v)), "needs integers and Fractions"),
    "two levels": (lambda: Kernel.of([[1, 2]]), "K[o, i, u, v] needs lists nested 4 deep, not 2"),
    "text": (lambda: Kernel.of("1 2"), "nested 4 deep, not 0"),
    "ragged": (lambda: Kernel.of([[1, 2], [3]], (u, v)), "level 2 have 1 and 2 entries"),
    "empty": (lambda: Kernel.of([], (u, v)), "level 1 have 0 entries"),
    "a line as text": (lambda: derive.Family("A[o,i]"), "not an indexed tensor such as A[j, i, u]"),
    "sizes in a list": (lambda: derive.Family(A, sizes=[3]), "sizes must map letters to sizes"),
    "sizes by name": (lambda: derive.Family(A, sizes={"e": 3}), "letters such as letter('e')"),
    "a number of a family": (lambda: derive.families[3], "unknown family 3; there are"),
    "no name": (lambda: derive.families[None], "unknown family None; there are"),
    "a list of names": (lambda: derive.families[["cp"]], "unknown family ['cp']"),
    "a number to prove": (lambda: derive.prove(3), "such as 'rank-one', or a family, not 3"),
    "a bare line": (lambda: derive.prove(Family(A)), "or a family, not A[o, i, u, v]"),
    "a number of a theorem": (lambda: THEOREMS[3], "unknown theorem 3; there are"),
    "no theorem": (lambda: Session().verdict(None), "unknown theorem None; there are"),
    "an image": (lambda: read_layer(image=128), "image must be text such as '128x128', not 128"),
    "a pair": (lambda: read_layer(image=(9, 9)), "image must be text such as '128x128', not (9"),
    "a kernel size": (lambda: read_layer(kernel=3), "kernel must be text such as '3x5', not 3"),
    "a stride": (lambda: read_layer(stride=2), "stride must be text such as '1', not 2"),
    "a padding": (lambda: read_layer(padding=1), "padding must be text such as 'same', not 1"),
    "channels": (lambda: read_layer(channels_in="3"), "channels in must be an integer"),
    "a line": (lambda: read_line(3), "a line must be text such as 'A[j,i,u] B[o,j,v]', not 3"),
    "an own line": (lambda: own_line("A[o,i]"), "a line must be a Family"),
    "no layer": (lambda: compare("56x56"), "a layer such as read_layer(image='56x56')"),
    "bare widths": (lambda: compare(read_layer(), [3]), "such as Choices(widths=(3, 8)), not [3]"),
    "one width": (lambda: Choices(3), "widths must be a tuple of integers such as (3, 8), not 3"),
    "widths in words": (lambda: Choices(("3",)), "widths must be a tuple of integers"),
    "a size left out": (lambda: SIZES.at({"C_in": 3}), "C_out has no value"),
    "a symbol alone": (lambda: SIZES.at({Symbol("m"): 3}), "C_in has no value"),
    "a symbol it lacks": (
        lambda: SIZES.subs({Symbol("q"): 3}),
        "has no size q; it takes C_in, C_out",
    ),
    "a letter that is not there": (lambda: SIZES.subs(q=3), "has no size q; it takes C_in, C_out"),
    "an even side": (lambda: MIDDLE.subs(n=2), "parameters holds for k_h odd, k_w odd"),
    "a size twice": (lambda: SIZES(n=3, k_h=3), "n is k_h = k_w: leave out n or k_h"),
    "half a channel": (lambda: SIZES(C_in=0.5), "C_in must be an integer of at least 1, not 0.5"),
    "one size": (lambda: SIZES.at(3), "a mapping such as {'C_in': 3}, not 3"),
    "an entry": (lambda: decide(derive.families["cp"], SOBEL, {}), "families['asymmetric'].line"),
    "an array": (lambda: minimal(LINE, np.eye(3)), "a kernel is such as read_kernel(array).kernel"),
    "a bond by name": (lambda: decide(LINE, SOBEL, {"m": 1}), "derive.notation.letters"),
    "no bonds": (lambda: decide(LINE, SOBEL, None), "a mapping such as {C_in: 3}, not None"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_argument_is_one_line(case):
    call, words = WRONG[case]
    with pytest.raises(InputError) as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "floating"),
    [
        (np.array([[1, 2], [3, 4]]), None),
        (np.array([[1, 2], [3, 4]], "f4"), "float32"),
        (np.array([[1, 2], [3, 4]], object), None),
        ([[1, 2], [3, 4]], None),
        (((1, 2.0), (3, 4)), "float64"),
        ([np.array([1, 2]), np.array([3, 4])], None),
        ([["1", Fraction(2)], [np.int64(3), 4]], None),
    ],
)
def test_arrays_and_lists_are_kernels(given, floating):
    read = read_kernel(given)
    assert read.kernel.nested == [[[[1, 2], [3, 4]]]]
    assert all(type(x) is int for x in read.kernel.flat)
    assert (read.name, read.floating) == ("the kernel", floating)


def test_an_array_is_read_as_its_file_is(tmp_path):
    array = np.random.default_rng(3).standard_normal((4, 2, 3, 5)).astype("f4")
    np.save(tmp_path / "k.npy", array)
    file = read_kernel(tmp_path / "k.npy")
    assert (read_kernel(array).kernel, read_kernel(array).floating) == (file.kernel, "float32")
    turned = array.transpose(2, 3, 1, 0)
    assert read_kernel(turned, Known("keras")).kernel == file.kernel
    assert read_kernel(array.tolist()).kernel == file.kernel
    assert (
        Kernel.of(np.arange(8).reshape(1, 2, 2, 2))
        == read_kernel(np.arange(8).reshape(1, 2, 2, 2)).kernel
    )


class Tensor:
    """Like a parameter of PyTorch: an array only once it is detached, and not in every format."""

    def __init__(self, array, attached=True):
        self.array, self.attached = array, attached

    def detach(self):
        return Tensor(self.array, attached=False)

    def __array__(self, dtype=None, copy=None):
        if self.attached:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        if self.array is None:
            raise TypeError("Got unsupported ScalarType\nBFloat16")
        return self.array


def test_a_tensor_is_read_with_its_gradient_or_refused_in_one_line():
    weight = np.array([[0.5, 1], [2, 4]], "f4")
    read = read_kernel(Tensor(weight))
    assert (read.kernel, read.floating) == (read_kernel(weight).kernel, "float32")
    with pytest.raises(InputError) as caught:
        read_kernel(Tensor(None))
    assert str(caught.value) == (
        "the kernel is no array that NumPy takes: Got unsupported ScalarType BFloat16"
    )


def test_sizes_are_still_given_by_symbol():
    with pytest.raises(InputError, match="C_out has no value"):
        SIZES.at({C_in: 3, m: 3})
