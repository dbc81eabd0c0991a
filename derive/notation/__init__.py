"""Letters, families, layers and the convolution they define, before anything is counted."""
