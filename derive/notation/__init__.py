"""Letters, families, layers and the convolution they spell, before anything is counted."""
