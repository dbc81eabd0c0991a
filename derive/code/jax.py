"""JAX: every stage is one call of lax.conv_general_dilated, transposed ones too."""

from collections.abc import Sequence

from derive.code.functional import Dialect, functional
from derive.code.plan import Convolution, Plan
from derive.code.text import listed, Weights

START = (
    "from itertools import count",
    "",
    "import jax",
    "from jax import lax, numpy as jnp",
    "",
    "keys = map(jax.random.key, count())",
)


def jax(plan: Plan, weights: Weights | None = None) -> str:
    """The layer in JAX, and the check that it equals the single convolution.

    ``weights`` is the path of a .npz file with an array for each factor, or the arrays.
    """
    start = list(START)
    if weights is not None:
        start.insert(3, "import numpy as np")
    return functional(plan, _dialect(tuple(start)), weights)


def _dialect(start: Sequence[str]) -> Dialect:
    return Dialect(
        framework="JAX",
        module="jnp",
        start=lambda _: start,
        convolution=_convolution,
        single=lambda stage: [f"expected = {_convolution(stage, 'x', 'kernel')}"],
        random=lambda shape: f"jax.random.normal(next(keys), {shape})",
        added=lambda where, value: (
            f"kernel = kernel{f'.at{where}.add({value})' if where else f' + {value}'}"
        ),
        tolerance="rtol=1e-4, atol=1e-4 * jnp.abs(expected).max()",
    )


def _added(where: str, value: str) -> str:
    """The line that adds a branch to the kernel, whose arrays never change in place."""
    return f"kernel = kernel.at{where}.add({value})" if where else f"kernel = kernel + {value}"


def _convolution(stage: Convolution, image: str, weight: str) -> str:
    """The call of a stage; a transposed one spreads the pixels apart and turns the window round."""
    strides = [window.stride for window in stage.windows]
    margins = [(window.before, window.after) for window in stage.windows]
    ones = [1 for _ in strides]
    options = []
    if stage.transposed:
        margins = [(w.span - 1 - w.before, w.span - 1 - w.after) for w in stage.windows]
        turned = [n + 2 for n, window in enumerate(stage.windows) if window.kernel > 1]
        weight = f"jnp.flip({weight}, {_tuple(turned)})" if turned else weight
        options += [f"lhs_dilation={_tuple(strides)}"] if strides != ones else []
        strides = ones
    dilations = [window.dilation for window in stage.windows]
    options += [f"rhs_dilation={_tuple(dilations)}"] if dilations != ones else []
    options += [f"feature_group_count={stage.groups}"] if stage.groups > 1 else []
    usual = [image, weight, _tuple(strides), f"[{listed(margins)}]"]
    return f"lax.conv_general_dilated({listed([*usual, *options])})"


def _tuple(numbers: Sequence[int]) -> str:
    return str(tuple(numbers))
