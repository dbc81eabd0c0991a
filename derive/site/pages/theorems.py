"""The list of theorems by topic, and the picture of which rests on which."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from derive.facts.theorem import TheoremFacts
from derive.render.proof import TOPICS
from derive.render.status import LOOKS
from derive.site.graph import dependency_graph
from derive.site.proved import overall_badge, Theorems


@dataclass(frozen=True)
class Topic:
    """A topic with its question and its theorems."""

    name: str
    words: str
    theorems: tuple[TheoremFacts, ...]


@dataclass(frozen=True)
class TheoremsPage:
    """What the template shows."""

    topics: tuple[Topic, ...]
    badges: Mapping[str, str]
    graph: str
    legend: list[str]
    number: int
    sentences: int
    counterexamples: int


def context(theorems: Theorems) -> TheoremsPage:
    """What the template shows; a topic without theorems is left out."""
    found = theorems.values()
    topics = (
        Topic(topic, words, tuple(one for one in found if one.topic == topic))
        for topic, words in TOPICS.items()
    )
    return TheoremsPage(
        topics=tuple(topic for topic in topics if topic.theorems),
        badges={name: overall_badge(one) for name, one in theorems.items()},
        graph=dependency_graph(theorems),
        legend=legend(found),
        number=len(theorems),
        sentences=sum(len(one.steps) for one in found),
        counterexamples=sum(len(one.counterexamples) for one in found),
    )


def legend(theorems: Collection[TheoremFacts]) -> list[str]:
    """The badges of the theorems that the picture shows, the surest first, each once."""
    ranked = sorted(theorems, key=lambda one: -LOOKS[one.status].sureness)
    return list(dict.fromkeys(map(overall_badge, ranked)))
