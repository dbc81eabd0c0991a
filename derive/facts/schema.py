"""JSON Schema of a record: its fields under their keys, mechanically, as their JSON is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin

from sympy import Basic

from derive.facts.image import Json
from derive.facts.layer import LayerFacts
from derive.facts.record import As, printings
from derive.notation.family import Branches, Family
from derive.notation.formula import Formula
from derive.proof.status import Status

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN: Mapping[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    NoneType: "null",
}
TEXT: dict[str, Json] = {"type": "string"}
EXACT: dict[str, Json] = {"type": "string", "pattern": r"^-?\d+(/\d+)?$"}
FORMULA: dict[str, Json] = {
    "type": "object",
    "description": "A formula as SymPy code and as LaTeX, and the sizes at which it holds.",
    "properties": dict.fromkeys(("sympy", "latex", "guard"), TEXT),
    "required": ["sympy", "latex", "guard"],
}
Found = dict[str, Json]
Key = tuple[str, Found, bool]  # a key, what stands under it, and whether it is always there


def schema(kind: type, name: str) -> Found:
    """The JSON Schema of a record whose field ``schema`` is the name given.

    Records may gain keys, so other keys are allowed.

    >>> from derive.facts.comparison import ComparisonFacts
    >>> found = schema(ComparisonFacts, "derive/compare/1")
    >>> found["properties"]["schema"], found["properties"]["layer"]
    ({'const': 'derive/compare/1'}, {'$ref': '#/$defs/LayerFacts'})
    """
    shapes: dict[str, Json] = {}
    whole = _record(kind, shapes)
    properties = whole["properties"]
    assert isinstance(properties, dict)
    properties["schema"] = {"const": name}
    return {"$schema": DIALECT, "title": name, **whole, "$defs": dict(sorted(shapes.items()))}


def _record(kind: type, shapes: Found) -> Found:
    found = list(_keys(kind, shapes))
    return {
        "type": "object",
        "description": " ".join(cleandoc(kind.__doc__ or "").split()),
        "properties": {key: inside for key, inside, _ in found},
        "required": [key for key, _, always in found if always],
    }


def _keys(kind: Any, shapes: Found) -> Iterator[Key]:
    """The keys of a record, those of a record within it in its place."""
    for field in fields(kind):
        bare = _bare(field)
        for key, how in printings(field):
            if how is As.WITHIN:
                yield from _within(bare, shapes)
            elif how is As.PRESENT:
                yield key, _plain(_some(bare), shapes), False
            else:
                yield key, _printed(how, bare, shapes), True


def _within(kind: Any, shapes: Found) -> Iterator[Key]:
    if kind is Formula:
        yield from ((key, TEXT, True) for key in ("sympy", "latex", "guard"))
        return
    some = _some(kind)
    for key, inside, always in _keys(some, shapes):
        yield key, inside, always and some is kind


def _bare(field: Field[Any]) -> Any:
    return get_args(field.type)[0] if get_origin(field.type) is Annotated else field.type


def _some(kind: Any) -> Any:
    """A type without None."""
    if not isinstance(kind, UnionType):
        return kind
    (some,) = (one for one in get_args(kind) if one is not NoneType)
    return some


def _printed(how: As, kind: Any, shapes: Found) -> Found:
    match how:
        case As.PLAIN:
            return _plain(kind, shapes)
        case As.EXACT:
            return {"type": "array", "items": EXACT}
        case As.WORDS if kind is not LayerFacts:
            return {"type": "array", "items": TEXT}
    return TEXT


def _plain(kind: Any, shapes: Found) -> Found:
    """What a value of a type looks like."""
    if kind == Json or kind is object:
        return {}
    if kind in (Family, Branches, Family | Branches):
        return TEXT
    if isinstance(kind, UnionType):
        return _any(get_args(kind), shapes)
    for origin, shape in GENERIC.items():
        if get_origin(kind) is origin:
            return shape(get_args(kind), shapes)
    if kind in PLAIN:
        return {"type": PLAIN[kind]}
    if kind is Fraction:
        return EXACT
    if kind is Formula:
        return FORMULA
    if issubclass(kind, Status):
        return {"enum": [one.slug for one in kind]}
    if issubclass(kind, Enum):
        return {"enum": [one.value for one in kind]}
    if issubclass(kind, Basic):
        return TEXT
    return _shape(kind, shapes)


def _shape(kind: type, shapes: Found) -> Found:
    """A record among the shapes of a schema."""
    if not is_dataclass(kind):
        raise TypeError(f"JSON has no value for a {kind.__name__}")
    name = kind.__name__
    if name not in shapes:
        shapes[name] = _record(kind, shapes)
    return {"$ref": f"#/$defs/{name}"}


def _any(kinds: tuple[Any, ...], shapes: Found) -> Found:
    found = [_plain(one, shapes) for one in kinds]
    distinct = [one for place, one in enumerate(found) if one not in found[:place]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": [*distinct]}


def _array(kinds: tuple[Any, ...], shapes: Found) -> Found:
    if kinds[-1] is Ellipsis:
        return {"type": "array", "items": _plain(kinds[0], shapes)}
    inside: list[Json] = [_plain(one, shapes) for one in kinds]
    return {"type": "array", "prefixItems": inside, "minItems": len(kinds), "maxItems": len(kinds)}


def _object(kinds: tuple[Any, ...], shapes: Found) -> Found:
    return {"type": "object", "additionalProperties": _plain(kinds[1], shapes)}


GENERIC: Mapping[Any, Callable[[tuple[Any, ...], Found], Found]] = {
    tuple: _array,
    Mapping: _object,
}
