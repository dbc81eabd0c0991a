"""Words of the command line that several commands take: numbers, paths, names, forms of output."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from click.shell_completion import CompletionItem

from derive.notation.words import short

LONGEST_NUMBER = 40  # characters
FORMS = {
    "json": "Print the facts as JSON.",
    "csv": "Print the table as CSV.",
    "latex": "Print LaTeX that an article takes as it is.",
    "markdown": "Print the table as Markdown.",
}
Command = Callable[..., Any]


class Positive(click.IntRange):
    """A positive integer, called so in error messages."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The integer, once it is known to be short enough to be read."""
        if isinstance(value, str) and len(value) > LONGEST_NUMBER:
            digits = value.strip().lstrip("+-").isdecimal()
            wrong = (
                f"not in the range {self._describe_range()}" if digits else "not a valid integer"
            )
            self.fail(f"{short(value)!r} is {wrong}.", param, ctx)
        return super().convert(value, param, ctx)


POSITIVE = Positive(min=1, max=10**9)


class Place(click.Path):
    """A path that no system refuses for its length."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; what it is said to be must fit into the tables of a file system."""
        parts = str(value).split("/")
        if max(map(len, parts)) > 255 or len(str(value)) > 4000:
            self.fail(f"{short(str(value))!r} is longer than the name of a file can be", param, ctx)
        return super().convert(value, param, ctx)


class Name(click.types.StringParamType):
    """A name of a family, a theorem or a kernel, which a shell completes, or the path of a file."""

    def __init__(self, kind: str) -> None:
        self.name = kind

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The ids that begin with what is typed, with their titles; files after a dot or slash."""
        from derive.cli.ids import ids

        if incomplete.startswith((".", "/", "~")):
            return [CompletionItem(incomplete, type="file")]
        known = ids(self.name).items()
        return [CompletionItem(x, help=title) for x, title in known if x.startswith(incomplete)]


def forms(*names: str) -> Callable[[Command], Command]:
    """Options such as --json for the forms of output; the command gets ``form``, or "" for none."""

    def decorated(command: Command) -> Command:
        @wraps(command)
        def run(*args: Any, **options: Any) -> Any:
            given = [name for name in names if options.pop(name)]
            if len(given) > 1:
                raise click.UsageError(f"--{given[0]} and --{given[1]} exclude each other")
            return command(*args, form="".join(given), **options)

        options = (click.option(f"--{x}", is_flag=True, help=FORMS[x]) for x in reversed(names))
        for option in options:
            run = option(run)
        return run

    return decorated
