"""``python -m derive.families asymmetric`` prints the derivation of a family; no name: of all."""

from derive.api.script import run_families

run_families()
