"""Snippets for random layers, and one process per framework that runs many of them."""

import json
import os
import random
import subprocess
import sys
from contextlib import suppress
from functools import cache
from itertools import count, islice

from derive.catalogue import FAMILIES, own_line
from derive.code.plan import plan
from derive.code.printers import PRINTERS
from derive.comparison import attempts, Choices, Row
from derive.notation.axis import Axis, Transposed
from derive.notation.bias import Bias
from derive.notation.errors import InputError
from derive.notation.layer import Layer
from derive.parse.line import read_line
from derive.site import snippets as pages
from derive.site.example_row import example
from tests.tools import need

MODULES = {
    "pytorch": ("torch",),
    "keras": ("keras", "torch"),
    "jax": ("jax",),
    "numpy": ("numpy",),
    "onnx": ("onnx", "onnxruntime"),
}
LINES = (
    "A[j,i,u] B[o,j,v]",
    "jiu,ojv->oiuv",
    "S[r,i] A[r,u] B[r,q,v] C[o,q]",
    "D[i,l,u,v] P[r,l,i] F[o,r]",
    "A[g,c,a,v] B[g,c,u] C[g,b,c]",
    "A[e,i,u,v] B[o,e] + W[o,i] + 2 × (D[i,u,v] P[o,i]) where e = 2",
    "a[u] b[v]",
    "A[q,i] B[r,q,v] C[o,r,u]",
)
# Runs every snippet of a list, and prints for each the error or the line it ends with.
CHILD = """
import contextlib, io, json, sys, traceback
for text in json.load(sys.stdin):
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(text, "snippet", "exec"), {"__name__": "__main__"})
        print(json.dumps(["", out.getvalue().strip()]))
    except Exception:
        print(json.dumps([traceback.format_exc(limit=-2), ""]))
"""


def installed(framework):
    """Skip without the framework, or fail under CI, by the rule of the suite."""
    from importlib.util import find_spec

    for module in MODULES[framework]:
        need(
            find_spec(module),
            f'{module} is not installed: pip install -e ".[frameworks]" brings it',
        )


def run(texts, folder):
    """For each snippet its error, or "", and what it printed; all in one process of its own."""
    quick = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"
    chosen = {"KERAS_BACKEND": "torch", "JAX_PLATFORMS": "cpu", "XLA_FLAGS": quick}
    chosen["OMP_NUM_THREADS"] = "1"
    environment = {**os.environ, **chosen}
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def axis(rng, transposed):
    """An axis of every kind: sizes of 1, even kernels, strides, dilations, unequal padding."""
    while True:
        size, kernel = rng.randint(1, 7), rng.randint(1, 4)
        stride, dilation = rng.choice((1, 1, 2, 3)), rng.choice((1, 1, 2))
        before, after = rng.randint(0, 3), rng.randint(0, 3)
        if transposed:
            made = Transposed(size, kernel, stride, dilation, before, after, rng.randrange(stride))
        else:
            made = Axis(size, kernel, stride, dilation, before, after)
        if made.output >= 1 and made.pairs and made.centre:  # else all results are zero
            return made


def layer(rng):
    """A layer of one to three axes, in groups or not, transposed or not."""
    groups, transposed = rng.choice((1, 1, 2, 3)), rng.random() < 0.3
    channels = [groups * rng.randint(1, 3) for _ in range(2)]
    if rng.random() < 0.3:
        channels[1] = channels[0]
    axes = tuple(axis(rng, transposed) for _ in range(rng.choice((1, 2, 2, 2, 3))))
    return Layer(*channels, axes, groups, rng.choice(list(Bias)))


@cache
def entries():
    return (*FAMILIES.values(), *(own_line(read_line(line)) for line in LINES))


def rows(seed):
    """Families at random settings on random layers, without end, each family in turn."""
    rng = random.Random(seed)
    for n in count():
        entry = entries()[n % len(entries())]
        for _ in range(60):
            sizes = [(rng.randint(1, 4),) for _ in range(3)]
            row = next(attempts(entry, layer(rng), Choices(*sizes)))
            if isinstance(row, Row):
                yield row
                break


def snippets(framework, number, seed):
    """A number of snippets with what each was made from, without those a framework lacks."""
    return list(islice(_printed(framework, seed), number))


def _printed(framework, seed):
    for row in rows(seed):
        with suppress(InputError):
            made = plan(row)
            yield row, made, PRINTERS[framework](made, None)


def shown(framework):
    """The snippets of a framework on the pages of the families, by the family."""
    found = {name: pages.snippets(example(entry)[0]) for name, entry in FAMILIES.items()}
    return {name: next(x for x in some if x.framework == framework) for name, some in found.items()}
