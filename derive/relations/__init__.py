"""How two designs relate: which represents every kernel of the other, and at which sizes (T21)."""
