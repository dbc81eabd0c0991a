"""Signs of life on standard error while something takes long, if someone is there to see them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def working(words: str) -> Iterator[None]:
    """The words and a moving sign while the block runs; nothing off a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(words):
        yield


@contextmanager
def progress_of(total: int) -> Iterator[Callable[[str], None]]:
    """What to call with the name of each thing as it starts; it says nothing off a terminal."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda name: progress.update(task, description=name, advance=1)
