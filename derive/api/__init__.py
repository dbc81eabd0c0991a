"""The public Python: what ``import derive`` offers, and what a notebook shows of it."""
