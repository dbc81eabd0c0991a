"""How long a derivation takes and how much memory, as ratios: python benchmarks/run.py

Seconds depend on the machine, ratios hardly do. Every run is a fresh process, the two sides of a
ratio take turns, and the median of the ratios counts. Goals: deriving every count of every family
within 3 times `import sympy`, `derive compare` from start to answer within 1.6 times, its peak
memory within 2 times that of `import sympy`; all proofs without the second prover within 8 times,
and those that rank-one rests on within 4 times, the second prover included.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROUNDS = 7
BASE = ["-c", "import sympy"]
DERIVE = """
from derive.catalogue import FAMILIES as families
for entry in families.values():
    entry.formulas
"""
COMPARE = ["-m", "derive", "compare", "--json"]
PROVE_ALL = ["-m", "derive", "prove", "--no-z3", "--json"]
PROVE_ONE = ["-m", "derive", "prove", "rank-one", "--json"]
# in a process of its own: the peak of all children is the peak of the one child
PEAK = """
import json, resource, subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL, check=True)
print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}


def run(arguments):
    """What a fresh Python prints."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True).stdout


def seconds(arguments):
    start = time.perf_counter()
    run(arguments)
    return time.perf_counter() - start


def peak(arguments):
    """The largest memory of a fresh Python, in the unit of the system."""
    return json.loads(run(["-c", PEAK, *arguments]))


def ratio(measure, arguments):
    """The median of the ratios to `import sympy`, and both medians."""
    pairs = [(measure(arguments), measure(BASE)) for _ in range(ROUNDS)]
    ours, base = (median(side) for side in zip(*pairs, strict=True))
    return median(one / other for one, other in pairs), ours, base


def main():
    run(BASE), run(COMPARE)  # compile once
    rows = (
        ("all formulas of all families, time", *ratio(seconds, ["-c", DERIVE]), 3),
        ("derive compare --json, time", *ratio(seconds, COMPARE), 1.6),
        ("derive prove --no-z3 --json, time", *ratio(seconds, PROVE_ALL), 8),
        ("derive prove rank-one --json, time", *ratio(seconds, PROVE_ONE), 4),
        ("derive compare --json, peak memory", *ratio(peak, COMPARE), 2),
    )
    print(f"{'of import sympy':36} {'ratio':>6} {'goal':>5} {'ours':>9} {'sympy':>9}")
    for name, factor, ours, base, goal in rows:
        print(f"{name:36} {factor:6.2f} {goal:5} {ours:9.2f} {base:9.2f}")


if __name__ == "__main__":
    main()
