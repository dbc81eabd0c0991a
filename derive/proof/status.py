"""How sure a sentence of a proof is, and what several sentences are together."""

from collections.abc import Iterable
from enum import IntEnum


class Status(IntEnum):
    """How sure a sentence is, the weakest first."""

    FAILED = 0
    NOT_CONFIRMED = 1
    ARGUED = 2
    CITED = 3
    CHECKED = 4
    CONFIRMED = 5
    COMPUTED = 6
    PROVED = 7
    COUNTEREXAMPLE = 8

    @property
    def slug(self) -> str:
        """The word of the JSON.

        >>> Status.NOT_CONFIRMED.slug
        'not confirmed'
        """
        return self.name.lower().replace("_", " ")

    @classmethod
    def of(cls, slug: str) -> "Status":
        """The status of a word of the JSON.

        >>> Status.of("not confirmed").name
        'NOT_CONFIRMED'
        """
        return cls[slug.upper().replace(" ", "_")]


def together(statuses: Iterable[Status]) -> Status:
    """The status of some sentences together, that of the weakest; none at all is a failure.

    A sentence that is computed settles the finitely many things it names, and lowers nothing: a
    proof of sentences proved and computed is proved, one of computed sentences alone is computed.

    >>> together([Status.PROVED, Status.COMPUTED]).slug, together([Status.COMPUTED]).slug
    ('proved', 'computed')
    >>> together([Status.PROVED, Status.COMPUTED, Status.CITED]).slug
    'cited'
    """
    found = set(statuses)
    return min(found - {Status.COMPUTED} or found, default=Status.FAILED)
