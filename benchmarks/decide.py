"""How long a decision takes, and how much memory, beside flint and SymPy.

Run it: python benchmarks/decide.py. All get the same Python integers. Goals: the rank with
its proof from both sides within 2 times the rank of flint where it is deficient, within 1.5 times
where it is full; a 256 x 256 x 3 x 3 kernel of width 64, whose matrix is 768 x 768, decided, its
factors written and checked, in a few seconds and below 500 MB; 100 times faster than Matrix.rank of
SymPy where that takes a tenth of a second or more. All that is said of float32 weights of full
rank, with the exact verdict and the width curve, within 3 times the singular value decomposition by
NumPy and 1 second for 256 channels, 2 seconds and 500 MB for 512. TensorLy, where it is installed,
and NumPy alone stand next to ours: the nearest pair and Tucker-2 of a layer of 64 channels, and the
sums of outer products that are searched for, each with its time and its error.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from statistics import median

ROUNDS = 5
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
WHOLE = """
import json, resource, sys, time
from random import Random
sys.path.insert(0, "benchmarks")
from decide import kernel_of, planted
from derive.catalogue import FAMILIES as families
from derive.facts.certificate import checked
from derive.decide.verdict import decide
from derive.decide.width import minimal
from derive.notation.letters import m
line = families["asymmetric"].family
kernel = kernel_of(planted(768, 64), 256)
start = time.perf_counter()
verdict = decide(line, kernel, {m: 64})
decided = time.perf_counter() - start
said = checked(verdict)
written = time.perf_counter() - start
least = minimal(line, kernel)[m]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([verdict.word, least, decided, written, peak]))
"""


def planted(size, rank, bound=9):
    """A square of integers of a rank, or of full rank for None."""
    from flint import fmpz_mat

    random = Random(1)

    def numbers(count, largest):
        return [random.randint(-largest, largest) for _ in range(count)]

    if rank is None:
        return [numbers(size, 99) for _ in range(size)]
    left = fmpz_mat(size, rank, numbers(size * rank, bound))
    right = fmpz_mat(rank, size, numbers(size * rank, bound))
    return [[int(x) for x in row] for row in (left * right).tolist()]


def kernel_of(rows, channels):
    """The kernel with this matrix: rows (o, v), columns (i, u)."""
    from derive.algebra.kernel import Kernel

    taps = len(rows) // channels
    return Kernel.by(
        lambda o, i, u, v: rows[o * taps + v][i * taps + u],
        o=channels,
        i=channels,
        u=taps,
        v=taps,
    )


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(ours, theirs, rounds):
    """The median of the ratios, the two sides taking turns, and both medians."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    one, other = (median(side) for side in zip(*pairs, strict=True))
    return median(x / y for x, y in pairs), one, other


def against_flint():
    from flint import fmpz_mat

    from derive.algebra.skeleton import skeleton

    for size, rank, goal in (
        (192, 16, 2),
        (192, 100, 2),
        (384, 64, 2),
        (768, 64, 2),
        (192, None, 1.5),
        (384, None, 1.5),
        (768, None, 1.5),
    ):
        rows = planted(size, rank)

        def theirs(rows=rows):
            return fmpz_mat(len(rows), len(rows), [x for row in rows for x in row]).rank()

        assert skeleton(rows).rank == theirs() == (rank or size)
        found = ratio(lambda rows=rows: skeleton(rows), theirs, 3 if size > 400 else ROUNDS)
        yield f"{size} x {size}, rank {rank or size}, of flint", *found, goal


def against_sympy():
    from sympy import Matrix

    from derive.algebra.skeleton import skeleton

    for size, rank in ((24, 12), (32, 16), (20, 20)):
        rows = planted(size, rank if rank < size else None)
        found = ratio(lambda rows=rows: skeleton(rows), lambda rows=rows: Matrix(rows).rank(), 3)
        yield f"{size} x {size}, rank {rank}, of SymPy", *found, 0.01


def whole():
    """Decide, write and check the large one in a process of its own."""
    command = [sys.executable, "-c", WHOLE]
    run = subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True)
    word, least, decided, written, peak = json.loads(run.stdout)
    assert (word, least) == ("exact", 64)
    print(f"768 x 768, width 64: {decided:.2f} s to the verdict, {written:.2f} s to the document")
    print(f"and its check, peak memory {peak / 1024:.0f} MB")


FLOATS = """
import json, resource, sys, time
import numpy as np
channels = int(sys.argv[1])
weights = np.random.default_rng(1).standard_normal((channels, channels, 3, 3)).astype("float32")
matrix = np.einsum("oiuv->oviu", weights.astype("float64")).reshape(3 * channels, 3 * channels)
start = time.process_time()
np.linalg.svd(matrix, full_matrices=False)
decomposed = time.process_time() - start
from derive.catalogue import FAMILIES
from derive.comparison import Choices
from derive.facts.question import Question
from derive.facts.verdict import verdict_facts
from derive.parse.kernel import read_kernel
from derive.parse.layer import read_layer_of
start = time.process_time()
given = read_kernel(weights)
layer = read_layer_of(given.kernel.extents)
asked = Question(given.name, given.kernel, FAMILIES["asymmetric"], layer, Choices(), "float32")
said = verdict_facts(asked)
took = time.process_time() - start
assert said.proof.claim.verdict == "not exact" and len(said.curve.curve) == min(512, 3 * channels)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([decomposed, took, peak]))
"""


def floats(channels, seconds_more):
    """All that is said of weights of full rank, in a process of its own, by processor time."""
    command = [sys.executable, "-c", FLOATS, str(channels)]
    run = subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True)
    decomposed, took, peak = json.loads(run.stdout)
    goal = 3 * decomposed + seconds_more
    print(f"{channels} channels of float32: {took:.2f} s, NumPy's SVD {decomposed:.2f} s")
    print(f"(goal {goal:.2f} s), peak memory {peak / 1024:.0f} MB")


def truncated(channels=64, width=95):
    """The nearest pair and the nearest Tucker-2 by ours, by NumPy alone and by TensorLy."""
    import numpy as np

    import derive

    array = np.random.default_rng(1).standard_normal((channels, channels, 3, 3))
    ranks = {"P": channels // 2, "Q": channels // 2}
    work = {
        "pair": {"ours": lambda: _ours(derive.factor(array, "asymmetric", middle=width))},
        "Tucker-2": {"ours": lambda: _ours(derive.factor(array, "tucker-2", rank=ranks))},
    }
    work["pair"]["NumPy alone"] = lambda: _pair(array, width)
    try:
        from tensorly.decomposition import partial_tucker
        from tensorly.tenalg import svd_interface
    except ImportError:
        print("(TensorLy is not installed)")
    else:
        work["pair"]["TensorLy"] = lambda: _pair(
            array, width, lambda matrix: svd_interface(matrix, n_eigenvecs=width)
        )
        work["Tucker-2"]["TensorLy"] = lambda: _tucker(array, partial_tucker, list(ranks.values()))
    for name, ways in work.items():
        for way, find in ways.items():
            start = time.perf_counter()
            near = find()
            took = time.perf_counter() - start
            error = np.linalg.norm(near - array) / np.linalg.norm(array)
            print(f"{name} of {channels} channels, {way}: {took:.2f} s, relative error {error:.6f}")


def _ours(found):
    """The kernel of the nearest factors, after the exact verdict that came before them."""
    import numpy as np

    einsum = json.loads(found.json())["einsum"]
    return np.einsum(einsum, *found.factors.values(), optimize=True)


def _pair(array, width, svd=None):
    """The kernel of the nearest pair, by one singular value decomposition."""
    import numpy as np

    out, into, high, wide = array.shape
    matrix = array.transpose(0, 3, 1, 2).reshape(out * wide, into * high)
    left, values, right = (svd or (lambda one: np.linalg.svd(one, full_matrices=False)))(matrix)
    near = (left[:, :width] * values[:width]) @ right[:width]
    return near.reshape(out, wide, into, high).transpose(0, 2, 3, 1)


def _tucker(array, partial_tucker, ranks):
    """The kernel of TensorLy's Tucker-2."""
    import numpy as np

    (core, (out, into)), _ = partial_tucker(array, rank=ranks, modes=[0, 1])
    return np.einsum("pquv,op,iq->oiuv", core, out, into, optimize=True)


def searched(rank=8):
    """CP of a small kernel by ours and by TensorLy, and the errors that each finds."""
    import numpy as np

    from derive.decide.alternating import outer_products

    array = np.random.default_rng(1).standard_normal((32, 32, 3, 3))
    start = time.perf_counter()
    _, error = outer_products(array, terms=rank)
    took = time.perf_counter() - start
    whole = np.linalg.norm(array)
    print(f"CP of rank {rank}: {took:.2f} s, relative error {error / whole:.5f}")
    try:
        from tensorly.cp_tensor import cp_to_tensor
        from tensorly.decomposition import parafac
    except ImportError:
        print("(TensorLy is not installed)")
        return
    start = time.perf_counter()
    found = parafac(array, rank, n_iter_max=500, tol=1e-12, random_state=1)
    took = time.perf_counter() - start
    error = np.linalg.norm(array - cp_to_tensor(found)) / whole
    print(f"by TensorLy: {took:.2f} s, relative error {error:.5f}")


def main():
    print(f"{'time':36} {'ratio':>8} {'goal':>5} {'ours':>9} {'theirs':>9}")
    for name, factor, ours, theirs, goal in (*against_flint(), *against_sympy()):
        print(f"{name:36} {factor:8.4f} {goal:5} {ours:9.4f} {theirs:9.4f}", flush=True)
    whole()
    floats(256, 1)
    floats(512, 2)
    truncated()
    searched()


if __name__ == "__main__":
    main()
