"""Three ways to every number, symbolic, brute force and published, and mutants of all three."""

import pytest

pytest.register_assert_rewrite("tests.literal", "tests.oracle", "tests.ranks", "tests.strategies")
