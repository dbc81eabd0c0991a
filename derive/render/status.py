"""How a status looks: its words, its colour in a terminal, the class and the disc of its badge."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from derive.proof.status import Status

NOT_RUN = "not run"


@dataclass(frozen=True)
class Look:
    """The words for one sentence, those for a theorem or a part of one, and how they are drawn.

    ``sureness`` is how full the disc of the badge is, from 0 to 1; ``colour`` is a variable of
    ``separable.css``.
    """

    words: str
    heading: str
    style: str
    sureness: float
    colour: str


LOOKS: Mapping[Status, Look] = {
    Status.COUNTEREXAMPLE: Look("counterexample", "counterexample", "blue", 1.0, "broken"),
    Status.PROVED: Look("proved for all sizes", "proved", "green", 1.0, "proved"),
    Status.COMPUTED: Look("computed exactly", "computed exactly", "green", 1.0, "proved"),
    Status.CONFIRMED: Look("confirmed by z3", "confirmed by z3", "green", 0.75, "confirmed"),
    Status.CHECKED: Look("checked on a grid", "checked on a grid", "cyan", 0.5, "checked"),
    Status.CITED: Look("cited", "cited", "yellow", 0.25, "cited"),
    Status.ARGUED: Look("argued in prose", "argued in prose", "yellow", 0.0, "argued"),
    Status.NOT_CONFIRMED: Look("not confirmed", "not confirmed", "magenta", 0.0, "broken"),
    Status.FAILED: Look("fails", "fails", "bold red", 0.0, "broken"),
}


def look(slug: str) -> Look:
    """The look of a status by its word in the JSON.

    >>> look("computed").words
    'computed exactly'
    """
    return LOOKS[Status.of(slug)]


def sentence_words(status: Status, designs: Collection[str] = ()) -> str:
    """The words for a sentence, and for how many designs it was proved if not for all.

    >>> sentence_words(Status.PROVED), sentence_words(Status.PROVED, ["CP", "Tucker-2"])
    ('proved for all sizes', 'proved for these 2 designs')
    >>> sentence_words(Status.COMPUTED, ["c = 2", "c = 3"])
    'computed for these 2 cases'
    """
    if status == Status.PROVED and designs:
        return f"proved for these {len(designs)} designs"
    if status == Status.COMPUTED and designs:
        return f"computed for these {len(designs)} cases"
    return LOOKS[status].words


def heading_words(status: Status, designs: Collection[str] = ()) -> str:
    """The words for a theorem or a part of one, and for how many designs if not for all.

    >>> heading_words(Status.PROVED), heading_words(Status.PROVED, ["CP", "Tucker-2"])
    ('proved', 'proved for 2 designs')
    """
    if status == Status.PROVED and designs:
        return f"proved for {len(designs)} designs"
    return LOOKS[status].heading


def badge_styles() -> str:
    """The style sheet of the badges: the colour of each status, and how full its disc is.

    >>> badge_styles().splitlines()[3]
    '.badge-confirmed { --kind: var(--confirmed); --sure: 75%; }'
    """
    rules = (
        f".{_kind(status.slug)} {{ --kind: var(--{one.colour}); --sure: {one.sureness:.0%}; }}\n"
        for status, one in LOOKS.items()
    )
    return "".join(rules)


def _kind(slug: str) -> str:
    return f"badge-{slug.replace(' ', '-')}"


def badge_class(kind: str) -> str:
    """The class of a badge in the style sheet.

    >>> badge_class("not confirmed")
    'badge badge-not-confirmed'
    """
    return f"badge {_kind(kind)}"
