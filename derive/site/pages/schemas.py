"""The JSON Schema of every answer in JSON, for programs that read them."""

import json
from collections.abc import Mapping

from derive.code.facts import CodeFacts
from derive.facts.comparison import ComparisonFacts
from derive.facts.factors import FactorsFacts, NearFactorsFacts
from derive.facts.family import FamilyFacts
from derive.facts.listing import ListFacts
from derive.facts.model import ModelFacts
from derive.facts.own_line import OwnLineFacts
from derive.facts.relation import RelationFacts
from derive.facts.schema import schema
from derive.facts.theorem import OneTheorem, ProofsFacts
from derive.facts.verdict import VerdictFacts

RECORDS: Mapping[str, type] = {
    "compare": ComparisonFacts,
    "family": FamilyFacts,
    "define": OwnLineFacts,
    "relate": RelationFacts,
    "factor": VerdictFacts,
    "factors": FactorsFacts,
    "nearest-factors": NearFactorsFacts,
    "code": CodeFacts,
    "count": ModelFacts,
    "prove": ProofsFacts,
    "theorem": OneTheorem,
    "list": ListFacts,
}


def path(name: str) -> str:
    """Where the schema of a command lies in the site.

    >>> path("compare")
    'assets/schemas/compare-1.json'
    """
    return f"assets/schemas/{name}-1.json"


def text(name: str) -> str:
    """The schema of a command's answer.

    >>> json.loads(text("compare"))["title"]
    'derive/compare/1'
    """
    found = schema(RECORDS[name], f"derive/{name}/1")
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
