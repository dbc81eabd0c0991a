"""A family on a layer as code that runs: one printer file per framework, from one plan."""
