"""The program: its commands together, and how a run ends."""

import atexit
import gc
import sys
from typing import Any, NoReturn

import click

from derive import __version__
from derive.cli.build import build
from derive.cli.code import code
from derive.cli.command import Once
from derive.cli.compare import compare
from derive.cli.count import count
from derive.cli.define import define
from derive.cli.factor import factor
from derive.cli.family import family
from derive.cli.list import list_
from derive.cli.prove import prove
from derive.cli.relate import relate
from derive.cli.serve import serve
from derive.cli.theorem import theorem
from derive.notation.errors import CheckError, InputError
from derive.notation.names import suggestion
from derive.notation.words import brief, short
from derive.render.crash import crashed
from derive.render.signals import end_on_signals, Ended
from derive.render.streams import CANNOT_WRITE, CLOSED_PIPE, flush, guard, OutputError, put, say

INTERRUPTED = 130  # the exit code after Ctrl-C
PAGE = 100  # columns of help that nobody reads on a terminal
OBJECTS = 10**6  # made before the next search for cycles: SymPy's stay, and searching takes a while
EXIT_CODES = f"""Exit codes: 0 success; 1 a check failed, or a failure that nobody expected; 2 bad
input; {CANNOT_WRITE} standard output cannot be written; {INTERRUPTED} interrupted by Ctrl-C;
{CLOSED_PIPE} standard output was closed; 129 or 143 ended by SIGHUP or SIGTERM."""


class Book(click.Group):
    """The commands, whose complaints about words name no word in full that is long."""

    command_class = Once

    def main(self, *args: Any, **options: Any) -> Any:
        """Run a command; a usage error has one line of bounded length."""
        if not sys.stdout.isatty():
            options.setdefault("terminal_width", PAGE)
        try:
            return super().main(*args, **options)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.NoSuchOption as error:
            raise click.UsageError(brief(_no_option(error))) from None
        except click.UsageError as error:
            raise click.UsageError(brief(error.format_message())) from None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command of the first word; UsageError, with the nearest one, if there is none."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            hint = suggestion(args[0], self.list_commands(ctx))
            raise click.UsageError(f"No such command {short(args[0])!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


def _no_option(error: click.NoSuchOption) -> str:
    """What is said of an option that a command does not have, with the nearest one it has."""
    command = error.ctx.command if error.ctx else cli
    named = [name for one in command.params for name in one.opts if name.startswith("--")]
    place = error.ctx.command_path if error.ctx else "derive"
    hint = suggestion(error.option_name, named, otherwise=f"{place} --help lists them")
    return f"No such option {short(error.option_name)}; {hint}"


@click.group(
    cls=Book,
    commands=[
        *(compare, family, define, relate, factor, code, count),
        *(prove, theorem, list_, build, serve),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": PAGE},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, prog_name="derive")
def cli() -> None:
    """Separable: convolution factorizations, derived and counted from one line each.

    Every name is an id, a title or another name of the literature, in any case.
    """


def main() -> None:
    """Run the command line: a failure is one line on standard error and an exit code.

    2 for bad input; 1 for a check that fails, and for what nobody expected, whose traceback goes
    into the log file that the line names; 74 if standard output cannot be written, and 141,
    silently, if its reader has closed the pipe; 128 and its number for a signal.
    """
    gc.set_threshold(OBJECTS)
    atexit.register(gc.freeze)  # Python searches for cycles once more while it ends: for nothing
    guard()
    end_on_signals()
    try:
        try:
            _run()
        finally:
            flush()
    except OutputError as error:
        if error.code == CLOSED_PIPE:
            sys.exit(CLOSED_PIPE)
        _stop(str(error), error.code)
    except Ended as error:
        sys.exit(error.code)
    except KeyboardInterrupt:  # while leaving
        sys.exit(INTERRUPTED)


def _run() -> None:
    try:
        cli.main(prog_name="derive", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        put(error.format_message())
    except click.ClickException as error:
        _stop(error.format_message(), int(getattr(error, "code", 2)))  # MkDocs has codes
    except InputError as error:
        _stop(str(error), 2)
    except CheckError as error:
        _stop(str(error), 1)
    except click.Abort:
        sys.exit(INTERRUPTED)
    except OutputError:
        raise
    except Exception as error:
        _stop(crashed(error), 1)


def _stop(message: str, code: int) -> NoReturn:
    say(f"derive: {message}")
    sys.exit(code)
