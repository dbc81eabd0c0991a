"""Is this kernel of that form? Exact verdicts with certificates, and best approximations."""
