"""What a command of ours is: its options have one value each, and its help ends with examples."""

import re
from typing import Any

import click


class Once(click.Command):
    """A command whose options have one value each, but for those that may repeat.

    ``examples`` are command lines that its help shows.
    """

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = examples

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What click reads; UsageError for an option given twice, of which the last would win."""
        _, _, given = self.make_parser(ctx).parse_args(list(args))
        for option in given:
            single = isinstance(option, click.Option) and not (option.multiple or option.is_flag)
            if single and given.count(option) > 1:
                raise click.UsageError(f"{option.opts[0]} is given twice: leave out one of them")
        return super().parse_args(ctx, args)

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first sentence of the help, whatever its length."""
        return " ".join((self.help or "").split("\n\n")[0].split())

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, each on a line of its own."""
        with formatter.section("Examples"):
            formatter.write("".join(f"  {line}\n" for line in self.examples))


class Signed(Once):
    """A command whose words may begin with a negative number, as the matrix "-1 0 1" does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Every such word with a blank before it, so that it is not taken for an option."""
        return super().parse_args(ctx, [f" {x}" if re.match(r"-[\d.]", x) else x for x in args])
