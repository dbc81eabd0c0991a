"""Cross-checks of the theorems, a file each: what has to hold too and counts for nothing."""
