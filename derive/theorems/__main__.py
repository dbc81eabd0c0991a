"""``python -m derive.theorems rank-one`` runs a proof and prints it; no name: all."""

from derive.api.script import run_theorems

run_theorems()
