"""Words of the command line that several commands take: numbers, paths, names, forms of output."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from click.shell_completion import CompletionItem

from derive.notation.words import short

FORMS = {
    "json": "Print the facts as JSON.",
    "csv": "Print the table as CSV.",
    "latex": "Print LaTeX that an article takes as it is.",
    "markdown": "Print the table as Markdown.",
}
Command = Callable[..., Any]


class Place(click.Path):
    """A path that no system refuses for its length."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; what it is said to be must fit into the tables of a file system."""
        parts = str(value).split("/")
        if max(map(len, parts)) > 255 or len(str(value)) > 4000:
            self.fail(f"{short(str(value))!r} is longer than the name of a file can be", param, ctx)
        return super().convert(value, param, ctx)


class Name(click.types.StringParamType):
    """A name of a family, a theorem, a kernel or a network, which a shell completes, or the path of
    a file."""

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
