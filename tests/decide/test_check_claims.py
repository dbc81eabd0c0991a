"""The separate checker against what a document says of itself: its family, sizes, ranks and bounds.
"""

from copy import deepcopy
from functools import cache
from math import prod
from random import Random

import pytest

from derive import check
from derive.algebra.kernel import Kernel
from derive.catalogue import FAMILIES
from derive.decide.report import Question, report
from derive.notation.errors import InputError
from derive.notation.letters import i, o, t, u, v
from derive.read.layer import read_layer
from derive.rows import Choices

AXES = {1: (u,), 2: (u, v), 3: (t, u, v)}
SETTINGS = (Choices(), Choices(middle=(2,), multiplier=(2,), ranks={"P": 2}))


def made(*args): ...
