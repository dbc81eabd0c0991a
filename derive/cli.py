"""The command line: derive compare, family, define, factor, prove, theorem, build and serve."""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TYPE_CHECKING

import click

from derive import __version__
from derive.notation.errors import CheckError, InputError
from derive.notation.fields import CHOICES, Field, FIELDS, Kind, NO, YES
from derive.notation.words import brief, natural, short
from derive.write.crash import crashed
from derive.write.signals import end_on_signals, Ended
from derive.write.streams import (
    CANNOT_WRITE,
    CLOSED_PIPE,
    flush,
    guard,
    OutputError,
    put,
    put_json,
    say,
)

if TYPE_CHECKING:
    from derive.notation.leaf import LeafError
    from derive.proof.run import Shown, Verdict


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


class Place(click.Path):
    """A path that no system refuses for its length."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; what it is said to be must fit into the tables of a file system."""
        parts = str(value).split("/")
        if max(map(len, parts)) > 255 or len(str(value)) > 4000:
            self.fail(f"{short(str(value))!r} is longer than the name of a file can be", param, ctx)
        return super().convert(value, param, ctx)


INTERRUPTED = 130  # the exit code after Ctrl-C
EXIT_CODES = f"""Exit codes: 0 success; 1 a check failed, or a failure that nobody expected; 2 bad
input; {CANNOT_WRITE} standard output cannot be written; {INTERRUPTED} interrupted by Ctrl-C;
{CLOSED_PIPE} standard output was closed; 129 or 143 ended by SIGHUP or SIGTERM."""
LISTS = (Kind.NUMBERS, Kind.RANKS)
LONGEST_NUMBER = 40  # characters
POSITIVE = Positive(min=1, max=10**9)


class Once(click.Command):
    """A command whose options have one value each, but for those that may repeat."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What click reads; UsageError for an option given twice, of which the last would win."""
        _, _, given = self.make_parser(ctx).parse_args(list(args))
        for option in given:
            single = isinstance(option, click.Option) and not (option.multiple or option.is_flag)
            if single and given.count(option) > 1:
                raise click.UsageError(f"{option.opts[0]} is given twice: leave out one of them")
        return super().parse_args(ctx, args)


class Book(click.Group):
    """The commands, whose complaints about words name no word in full that is long."""

    command_class = Once

    def main(self, *args: Any, **options: Any) -> Any:
        """Run a command; a usage error has one line of bounded length."""
        try:
            return super().main(*args, **options)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise click.UsageError(brief(error.format_message())) from None


@click.group(
    cls=Book,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, prog_name="derive")
def cli() -> None:
    """Separable: convolution factorizations, derived and counted from one line each."""


def layer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a layer, one for each field of the grammar; their texts are read later."""
    for field in reversed(FIELDS.values()):
        how: dict[str, Any] = {"default": field.usual, "show_default": bool(field.usual)}
        if field.kind is Kind.YES:
            how = {"is_flag": True}
        elif field.kind in LISTS:
            how = {"multiple": True}
        words = field.help if field.kind is Kind.YES else f"{field.help} {_example(field)}"
        command = click.option(field.option, field.name, help=words.strip(), **how)(command)
    return command


def _example(field: Field) -> str:
    alone = field.kind is Kind.NUMBER or field.example == field.usual
    return "" if alone else f"For example {field.example}."


def layer_words(options: Mapping[str, Any]) -> dict[str, str]:
    """The words of a layer from its options; a list may be given as one text or as several."""
    words = {}
    for name, given in options.items():
        kind = FIELDS[name].kind
        several = CHOICES.join(given) if kind in LISTS else given
        words[name] = (YES if given else NO)[0] if kind is Kind.YES else several
    return words


@cli.command()
@layer_options
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def compare(as_json: bool, **options: Any) -> None:
    """Every family on one layer: parameters, MACs, FLOPs, memory, and what each is exact for.

    Without options it answers the opening question: a 128x128 image, 3 to 8 channels, 3x3.
    """
    from derive.catalogue import FAMILIES
    from derive.facts import compare as compared
    from derive.read.layer import read_fields, read_numbers, read_ranks
    from derive.rows import Choices

    code = _report_broken(FAMILIES.broken)
    words = layer_words(options)
    layer = read_fields(words)
    widths, copies = (read_numbers(name, words[name]) for name in ("middle", "multiplier"))
    facts = compared(layer, Choices(widths, copies, read_ranks(words["rank"])))
    if as_json:
        put_json(facts)
    else:
        from derive.write.console import console
        from derive.write.table import compare_table

        console().print(compare_table(facts))
    sys.exit(code)


@cli.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
@click.option("--latex", "as_latex", is_flag=True, help="Print definition, stages and formulas.")
def family(name: str, as_json: bool, as_latex: bool) -> None:
    """Definition, stages, every formula with its guard, and the kernels a family is exact for."""
    from derive.catalogue import FAMILIES
    from derive.write.family import family_document, latex_lines

    if as_json and as_latex:
        raise click.UsageError("--json and --latex exclude each other")
    document = family_document(FAMILIES[name])
    if as_json:
        put_json(document)
    elif as_latex:
        put("\n".join(latex_lines(document)))
    else:
        from derive.write.console import console
        from derive.write.table import family_table

        console().print(family_table(document))


@cli.command()
@click.argument("line")
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
@click.option("--latex", "as_latex", is_flag=True, help="Print definition, stages and formulas.")
def define(line: str, as_json: bool, as_latex: bool) -> None:
    """The same as `family` for a line of your own, and whether its pipeline is its convolution.

    LINE is a contraction such as "A[j,i,u] B[o,j,v]" or an einsum such as "jiu,ojv->oiuv".
    """
    from derive.write.define import define_document
    from derive.write.family import latex_lines

    if as_json and as_latex:
        raise click.UsageError("--json and --latex exclude each other")
    document = define_document(line)
    if as_json:
        put_json(document)
    elif as_latex:
        put("\n".join(latex_lines({**document, "name": document["line"]})))
    else:
        from derive.write.console import console
        from derive.write.define_table import define_table

        console().print(define_table(document))
    sys.exit(int(not document["convolution"]["proved"]))


class Signed(Once):
    """A command whose words may begin with a negative number, as the matrix "-1 0 1" does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Every such word with a blank before it, so that it is not taken for an option."""
        return super().parse_args(ctx, [f" {x}" if re.match(r"-[\d.]", x) else x for x in args])


@cli.command(cls=Signed)
@click.argument("kernel")
@click.option("--as", "family", default="asymmetric", show_default=True, metavar="FAMILY")
@click.option("--middle", default="", help="Width m.  [C_in]")
@click.option("--multiplier", default="", help="Depth multiplier M.  [1]")
@click.option("--rank", default="", help="Ranks P, Q, R and terms T: 3, or P=4,Q=2.  [C_in]")
@click.option("--groups", help="Groups of the layer and of grouped families.  [1]")
@click.option(
    "--layout",
    type=click.Choice(("pytorch", "keras", "keras-depthwise", "dense")),
    help="pytorch: (C_out, C_in/groups, k_h, k_w). keras: (k_h, k_w, C_in/groups, C_out)."
    " keras-depthwise: (k_h, k_w, C, M). dense: (C_out, C_in, k_h, k_w) whatever the groups."
    "  [recognized, PyTorch's first]",
)
@click.option("--keras", is_flag=True, help="The same as --layout keras.")
@click.option("--transposed", is_flag=True, help="Weights of a transposed convolution.")
@click.option("--key", help="Which array of a .npz or .safetensors file.")
@click.option("--image", help="Image for the costs, height x width.  [128x128]")
@click.option("--stride", default="1", show_default=True, help="For costs and output error.")
@click.option("--dilation", default="1", show_default=True, help="For costs and output error.")
@click.option("--out", type=Place(path_type=Path, dir_okay=False), help="Write the factors.")
@click.option("--force", is_flag=True, help="Overwrite the file of --out.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict and its proof as JSON.")
def factor(
    kernel: str,
    family: str,
    middle: str,
    multiplier: str,
    rank: str,
    groups: str | None,
    layout: str | None,
    keras: bool,
    key: str | None,
    transposed: bool,
    out: Path | None,
    force: bool,
    as_json: bool,
    **words: Any,
) -> None:
    """Is this kernel of that form? An exact verdict with factors, or a minor that refutes it.

    KERNEL is a file (.npy, .npz, .csv, .json, .safetensors), a name such as sobel, a matrix such
    as "1 2 1; 2 4 2; 1 2 1", or - for standard input. Grouped and depthwise weights are read as
    frameworks store them and written out in full, with zeros between the groups.
    """
    from derive.catalogue import FAMILIES
    from derive.decide.report import Question, report
    from derive.read.kernel import read_kernel
    from derive.read.layer import read_layer_of, read_number, read_numbers, read_ranks
    from derive.read.layout import Known
    from derive.rows import Choices
    from derive.write.progress import working

    if keras and layout not in (None, "keras"):
        raise click.UsageError(f"--keras is --layout keras: leave it out, or --layout {layout}")
    entry = FAMILIES[family]
    layout = "keras" if keras else layout
    widths, copies = (
        read_numbers(name, text, most=1)
        for name, text in (("middle", middle), ("multiplier", multiplier))
    )
    choices = Choices(widths, copies, read_ranks(rank, most=1))
    divided = None if groups is None else read_number("groups", groups)
    known = Known(layout, divided, transposed, entry.family, *copies)
    with working(f"reading {short(kernel)}"):
        given = read_kernel(kernel, known, key)
    reading = given.reading
    layer = read_layer_of(
        given.kernel.extents, groups=reading.groups, transposed=transposed, **words
    )
    question = Question(given.name, given.kernel, entry, layer, choices, given.floating, reading)
    with working("deciding"):
        verdict, facts = report(question)
    if out:
        from derive.write.factors import write_factors

        write_factors(out, verdict, facts, force)
        say(f"factors written to {out}")
    if as_json:
        put_json(facts)
    else:
        from derive.write.console import console
        from derive.write.factor_table import factor_table

        console().print(factor_table(facts))


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--thorough", is_flag=True, help="Run the large grids: some minutes for all.")
@click.option("--no-z3", is_flag=True, help="Leave out the second prover.")
@click.option("--json", "as_json", is_flag=True, help="Print every step as JSON.")
def prove(ids: tuple[str, ...], thorough: bool, no_z3: bool, as_json: bool) -> None:
    """Run proofs: each sentence with its evidence and status, all theorems or those named.

    An ID is a slug or a number: rank-one or T2. The exit code is 1 if a step fails.
    """
    from derive.proof.library import THEOREMS

    names = list(dict.fromkeys(THEOREMS[name].name for name in ids)) or list(THEOREMS)
    code = 0 if ids else _report_broken(THEOREMS.broken)
    if as_json:
        from derive.write.proof import prove_document, theorem_document

        proofs = run_proofs(names, thorough, not no_z3, theorem_document)
        put_json(prove_document([proof.shown for proof in proofs], thorough))
    else:
        from derive.write.console import console
        from derive.write.proof_table import proof_table, proofs_table

        proofs = run_proofs(names, thorough, not no_z3, proof_table)
        console().print(proofs_table(proofs))
    sys.exit(int(any(proof.status == 0 for proof in proofs)) or code)


@cli.command()
@click.argument("name", metavar="ID")
@click.option("--thorough", is_flag=True, help="Run the large grids.")
@click.option("--no-z3", is_flag=True, help="Leave out the second prover.")
@click.option("--json", "as_json", is_flag=True, help="Print the theorem as JSON.")
def theorem(name: str, thorough: bool, no_z3: bool, as_json: bool) -> None:
    """Statement, hypotheses, proof and counterexamples of one theorem, run as it is printed."""
    if as_json:
        from derive.write.proof import theorem_document

        (proof,) = run_proofs([name], thorough, not no_z3, theorem_document)
        put_json({"schema": "derive/theorem/1", **proof.shown})
    else:
        from derive.write.console import console
        from derive.write.proof_table import theorem_table

        (proof,) = run_proofs([name], thorough, not no_z3, theorem_table)
        console().print(proof.shown)
    sys.exit(int(proof.status == 0))


def run_proofs(
    names: list[str], thorough: bool, second: bool, show: "Callable[[Verdict], Any]"
) -> "list[Shown]":
    """Some theorems proved, as they are to be shown, with progress; and how to get a second prover,
    if missed."""
    from derive.proof.library import THEOREMS
    from derive.proof.run import Session, Shown
    from derive.proof.side_by_side import side_by_side
    from derive.write.progress import progress_of

    known = [THEOREMS[name].name for name in names]
    session = Session(thorough, second)
    proofs = side_by_side(
        lambda name: Shown.of(session.verdict(name), show), known, progress_of(len(known))
    )
    if second and any(proof.unconfirmed for proof in proofs):
        hint = session.second_prover()
        if isinstance(hint, str):
            say(hint)
    return proofs


packages_option = click.option(
    "--packages",
    type=Place(path_type=Path, file_okay=False),
    help="A folder with the archives of KaTeX and Pyodide, as npm pack makes them.",
)
offline_option = click.option(
    "--offline",
    is_flag=True,
    help="Build with what is here: without KaTeX formulas are TeX, without Pyodide no Python runs"
    " in the page.",
)


@cli.command()
@click.option(
    "--markdown",
    type=Place(path_type=Path, file_okay=False),
    help="Write all pages as Markdown to this folder instead, for another site builder.",
)
@packages_option
@offline_option
def build(markdown: Path | None, packages: Path | None, offline: bool) -> None:
    """Derive everything and render the site to site/, strictly: a warning is an error."""
    from derive.site.build import build_site, offer, write_markdown

    if markdown:
        say(f"{write_markdown(markdown)} pages in {markdown}")
    else:
        offer(packages, offline=offline)
        build_site()
        say("the site is in site/")


@cli.command()
@click.option("--address", default="127.0.0.1:8000", show_default=True)
@packages_option
@offline_option
def serve(address: str, packages: Path | None, offline: bool) -> None:
    """Serve the site with live reload; an edited family shows without a restart."""
    from derive.site.build import offer, serve_site

    host, _, port = address.rpartition(":")
    number = natural(port, 65535)
    if not (host and number):
        raise InputError(
            f"address must be host:port, for example 127.0.0.1:8000, not {short(address)!r}"
        )
    offer(packages, offline=offline)
    serve_site(host, number)


def _report_broken(errors: "tuple[LeafError, ...]") -> int:
    """A line for each leaf file that cannot be read, and the exit code for them."""
    for error in errors:
        say(f"derive: {error}")
    return 2 if errors else 0


def main() -> None:
    """Run the command line: a failure is one line on standard error and an exit code.

    2 for bad input; 1 for a check that fails, and for what nobody expected, whose traceback goes
    into the log file that the line names; 74 if standard output cannot be written, and 141,
    silently, if its reader has closed the pipe; 128 and its number for a signal.
    """
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
        cli.main(standalone_mode=False)
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
