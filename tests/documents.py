"""Verdicts and reports as the JSON that readers get."""

from derive.facts.certificate import checked
from derive.facts.verdict import verdict_facts
from derive.render.values import json_values


def document(verdict):
    """A verdict that has passed the separate checker."""
    return json_values(checked(verdict))


def report(question):
    """All that is said of a kernel and a family."""
    return json_values(verdict_facts(question))
