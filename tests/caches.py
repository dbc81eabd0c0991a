"""What the book remembers, forgotten: a fault in a function must not hide behind an old result."""

import sys
from functools import cache
from inspect import isclass


def of(thing, rooms):
    """Whether a thing is defined in one of some packages."""
    return f"{getattr(thing, '__module__', None)}.".startswith(tuple(f"{room}." for room in rooms))


def caches(*rooms):
    """What the functions and the classes of some packages remember, as far as they are loaded."""
    names = frozenset(name for name in sys.modules if name.partition(".")[0] == "derive")
    return found(names, rooms)


@cache
def found(modules, rooms):
    """The caches of loaded modules, looked for once: finding takes longer than emptying them."""
    things = [x for name in modules for x in vars(sys.modules[name]).values() if of(x, rooms)]
    methods = [getattr(cls, name) for cls in filter(isclass, things) for name in vars(cls)]
    known = (thing for thing in (*things, *methods) if not isclass(thing))
    return [thing for thing in known if hasattr(thing, "cache_clear")]


def forget(*rooms):
    """Forget what some packages remember; without any, all that the book does."""
    for cached in caches(*(rooms or ("derive",))):
        cached.cache_clear()
