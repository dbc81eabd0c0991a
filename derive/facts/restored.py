"""A record from its image in JSON, where that holds all of it."""

from collections.abc import Mapping
from dataclasses import fields
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, TypeVar

from derive.facts.image import Json
from derive.facts.record import As, printings
from derive.proof.status import Status

T = TypeVar("T")


def restored(kind: type[T], value: Json) -> T:
    """The record of a kind whose image is given; TypeError if it is the image of another one.

    Words, numbers, statuses and records of these come back, and so does what is JSON itself.

    >>> from derive.facts.theorem import HypothesisFacts
    >>> restored(HypothesisFacts, {"label": "a field", "words": "weights from any field"})
    HypothesisFacts(label='a field', words='weights from any field')
    """
    if not isinstance(value, dict):
        raise TypeError(f"no {kind.__name__} is {value!r}")
    found = {}
    for field in fields(kind):  # type: ignore[arg-type]
        (key, how), *_ = printings(field)
        if how is not As.WITHIN and key not in value:
            raise TypeError(f"a {kind.__name__} has {key}")
        found[field.name] = _back(field.type, value if how is As.WITHIN else value[key])
    return kind(**found)


def _back(kind: Any, value: Json) -> Any:
    """A value of a field of some type."""
    if get_origin(kind) is Annotated:
        return _back(get_args(kind)[0], value)
    if kind == Json:
        return value
    if isinstance(kind, UnionType):
        (some,) = (one for one in get_args(kind) if one is not NoneType)
        return None if value is None else _back(some, value)
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(_back(get_args(kind)[0], one) for one in value)
    if get_origin(kind) is Mapping and isinstance(value, dict):
        return {key: _back(get_args(kind)[1], one) for key, one in value.items()}
    if kind is Status and isinstance(value, str):
        return Status.of(value)
    if kind in (str, int, float, bool):
        if not isinstance(value, kind):
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return value
    return restored(kind, value)
