"""What a command of ours is: its options have one value each, and its help ends with examples."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import click

from derive.notation.bias import Bias
from derive.notation.fields import BIASES, FIELDS


class Once(click.Command):
    """A command whose options have one value each, but for those that may repeat.

    ``examples`` are command lines that its help shows.
    """

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.examples = examples

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What click reads; UsageError for an option given twice, of which the last would win."""
        args = list(self._valued(args))
        _, _, given = self.make_parser(ctx).parse_args(list(args))
        for option in given:
            single = isinstance(option, click.Option) and not (option.multiple or option.is_flag)
            if single and given.count(option) > 1:
                raise click.UsageError(f"{option.opts[0]} is given twice: leave out one of them")
        return super().parse_args(ctx, args)

    def _valued(self, args: list[str]) -> Iterator[str]:
        """The words with ``--bias`` alone as ``--bias all``: what follows it may be the argument of
        the command, or nothing."""
        bias = FIELDS["bias"].option
        follow = any(isinstance(one, click.Argument) for one in self.params)
        for word, after in zip_longest(args, args[1:], fillvalue="-"):
            known = any(after.lower() in words for words in BIASES.values())
            alone = word == bias and (after.startswith("-") or (follow and not known))
            yield f"{bias}={Bias.ALL}" if alone else word

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
