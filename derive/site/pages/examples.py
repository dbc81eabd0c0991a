"""The page of examples: every script of examples/ with what it prints."""

from dataclasses import dataclass

from derive.site.examples import ShownExample


@dataclass(frozen=True)
class ExamplesPage:
    """What the template shows: every script."""

    examples: tuple[ShownExample, ...]


def context(examples: tuple[ShownExample, ...]) -> ExamplesPage:
    """The page of the scripts of examples/, which have run."""
    return ExamplesPage(examples)
