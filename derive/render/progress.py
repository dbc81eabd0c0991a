"""Signs of life on standard error while something takes long, if someone is there to see them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from derive.render.streams import one_line

LONGEST = 60  # characters of what is named


@contextmanager
def working(words: str) -> Iterator[None]:
    """The words and a moving sign while the block runs; nothing off a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.text import Text

    from derive.render.console import error_console

    with error_console().status(Text(brief(words))):
        yield


@contextmanager
def progress_of(total: int) -> Iterator[Callable[[str], None]]:
    """What to call with the name of each thing as it starts; it says nothing off a terminal."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.progress import Progress, TextColumn

    from derive.render.console import error_console

    columns = TextColumn("{task.description}", markup=False), *Progress.get_default_columns()[1:]
    with Progress(*columns, console=error_console(), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda name: progress.update(task, description=brief(name), advance=1)


def brief(words: str) -> str:
    r"""One line of words, cut short, with control characters as escapes.

    >>> brief("reading 1 2\n3 4"), len(brief("1; 2; " * 100))
    ('reading 1 2 3 4', 60)
    """
    line = one_line(words)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 2].rstrip()} …"
