"""Questions for the second prover, one file a theorem: they import nothing of the symbolic road."""
