"""The oracle: convolutions computed from their definition, loop by loop, every operation counted.

Cross-correlation, and X is zero outside the image:

    conv(K)[o,y,x] = sum_{i,u,v} K[o,i,u,v] X[i, s_h y + d_h u - p_h, s_w x + d_w v - p_w]

A tensor is a dict from index tuples to numbers; a pixel is one tuple and a tap another, for any
number of spatial axes. Nothing here is imported from the rest of the book.
"""

from derive.oracle.axis import Axis, pixels_read, taps_in_bounds
from derive.oracle.layers import all_ones, biased_pair, filtered, operator, Rows, scattered
from derive.oracle.loops import (
    add,
    Axes,
    contract,
    convolve,
    Factor,
    pipeline,
    Run,
    scatter,
    Sizes,
)
from derive.oracle.padding import (
    circular,
    extended,
    Padding,
    PADDINGS,
    reflect,
    replicate,
    symmetric,
    zero,
)
from derive.oracle.tensors import (
    drawn,
    impulses,
    Index,
    Number,
    ones,
    Tensor,
    tensor,
    word,
)
from derive.oracle.tropical import Tropical
