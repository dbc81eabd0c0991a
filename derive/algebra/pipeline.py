"""The pipeline theorem of one family: its stages compute the convolution with its kernel (T1).

Both are nested sums in symbolic sizes, strides, dilations and zero paddings; they are the same
function if their normal forms are equal.
"""

from derive.algebra.normal_form import normal_form
from derive.notation.convolution import compose, direct, PLANE, stages
from derive.notation.family import Family
from derive.notation.letters import Direction, X


def is_the_convolution(family: Family, directions: tuple[Direction, ...] = PLANE) -> bool:
    """Whether pipeline and single convolution have one normal form, for all sizes at once.

    >>> from derive.families import tensor_train
    >>> is_the_convolution(tensor_train.family)
    True
    """
    pipeline = stages(family, directions)
    free = dict(pipeline[-1].domain)
    zero_outside = {X: (*(None for _ in family.inputs), *(d.input for d in directions))}
    nested = normal_form(compose(pipeline, brackets=True), free, zero_outside)
    return nested == normal_form(direct(family, directions), free, zero_outside)
