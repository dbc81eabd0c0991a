"""The list of theorems by topic, and the picture of which rests on which."""

from typing import Any

from derive.site.graph import dependency_graph
from derive.site.proved import Documents, overall_badge
from derive.write.proof import TOPICS
from derive.write.status import look


def context(documents: Documents) -> dict[str, Any]:
    """What the template shows; a topic without theorems is left out."""
    topics = {
        topic: [one for one in documents.values() if one["topic"] == topic] for topic in TOPICS
    }
    return {
        "topics": [(topic, TOPICS[topic], members) for topic, members in topics.items() if members],
        "badges": {name: overall_badge(one) for name, one in documents.items()},
        "graph": dependency_graph(documents),
        "legend": legend(documents),
        "number": len(documents),
        "sentences": sum(len(one["steps"]) for one in documents.values()),
        "counterexamples": sum(len(one["counterexamples"]) for one in documents.values()),
    }


def legend(documents: Documents) -> list[str]:
    """The badges of the theorems that the picture shows, the surest first, each once."""
    ranked = sorted(documents.values(), key=lambda one: -look(one["status"]).sureness)
    return list(dict.fromkeys(map(overall_badge, ranked)))
