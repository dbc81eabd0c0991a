"""The printers by the name of their framework, and what a reader chooses between."""

from collections.abc import Callable, Mapping
from hashlib import sha256

from derive.code.jax import jax
from derive.code.keras import keras
from derive.code.numpy import numpy
from derive.code.onnx import onnx
from derive.code.plan import Plan, plan
from derive.code.pytorch import pytorch
from derive.code.text import Weights
from derive.comparison import Row

Printer = Callable[[Plan, Weights | None], str]
PRINTERS: Mapping[str, Printer] = {
    "pytorch": pytorch,
    "keras": keras,
    "jax": jax,
    "numpy": numpy,
    "onnx": onnx,
}
TITLES = {"pytorch": "PyTorch", "keras": "Keras", "jax": "JAX", "numpy": "NumPy", "onnx": "ONNX"}


def code(row: Row, framework: str, weights: Weights | None = None) -> str:
    """One complete file that makes the layer and checks it against the single convolution.

    Raises InputError, one line, for a stage that is no convolution of the framework.

    >>> from derive.catalogue import FAMILIES
    >>> from derive.comparison import attempts, Choices
    >>> from derive.parse.layer import read_layer
    >>> row = next(attempts(FAMILIES["pointwise"], read_layer(), Choices()))
    >>> code(row, "pytorch").splitlines()[11]
    '    nn.Conv2d(3, 8, 1, bias=False),'
    """
    return PRINTERS[framework](plan(row), weights)


def digest(text: str) -> str:
    """What a snippet is known by: the first 16 digits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:16]
