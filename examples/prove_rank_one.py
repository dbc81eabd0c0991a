"""Prove rank one.

With one channel, a column filter followed by a row filter is a convolution if and only if its
kernel has rank at most 1. The theorem is a file of this repository that runs its own proof.
"""

import derive

# What it states.
theorem = derive.theorems["rank-one"]
print(theorem)

# Running the proof runs the evidence of every sentence; the theorem is as sure as the weakest.
proof = theorem.prove()
for sentence in proof:
    print(f"{sentence.badge:22}{sentence.sentence[:70]}…")
print(proof.status)

# The hypotheses are needed: without one of them there is a counterexample.
for example in proof.counterexamples:
    print(f"{example.badge:22}{example.sentence[:70]}…")

# The theorem decides kernels: Sobel's filter has rank 1, the Laplacian has not.
for name in ("sobel", "laplacian-4"):
    print(name, derive.factor(name, "asymmetric", middle=1).verdict)
