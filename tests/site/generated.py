"""All generated files at once."""

from derive.site.cache import workers
from derive.site.printing import printing


def generated():
    """Every generated file by its path."""
    with workers() as pool:
        return dict(printing(pool).texts)
