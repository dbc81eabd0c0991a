"""What the book remembers, forgotten: a fault in a function must not hide behind an old result."""

import sys
from inspect import isclass


def ours(thing):
    return str(getattr(thing, "__module__", None)).partition(".")[0] == "derive"


def caches():
    """What the loaded modules of the book remember, their classes included."""
    modules = [m for name, m in sys.modules.items() if name.partition(".")[0] == "derive"]
    things = [thing for module in modules for thing in vars(module).values() if ours(thing)]
    methods = [getattr(cls, name) for cls in filter(isclass, things) for name in vars(cls)]
    return [thing for thing in (*things, *methods) if hasattr(thing, "cache_clear")]


def forget():
    for cached in caches():
        cached.cache_clear()
