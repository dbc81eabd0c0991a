"""The terminal as Rich draws on it: what users or files name is neither markup nor an escape."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from derive.render.streams import visible

WIDE = 132  # columns when the output is not a terminal
NOTEBOOK = 100  # columns that a notebook shows without breaking a line


class Screen(Console):
    """A console on which control characters are shown as escapes and texts are no markup."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The pieces that are written, with everything that a terminal would obey made visible."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)


def console() -> Console:
    """Standard output, as wide as the terminal, or wide enough for the tables when it is none.

    What is piped or written to a file depends on no terminal: neither on COLUMNS, nor on its width.
    """
    screen = _screen()
    return screen if screen.file.isatty() else _screen(width=WIDE)


def as_text(shown: RenderableType) -> str:
    """What standard output would show, as plain text without colours.

    >>> as_text("3 × 5")
    '3 × 5'
    """
    shell = console()
    screen = Screen(
        file=StringIO(),
        width=NOTEBOOK if shell.is_jupyter else shell.width,
        force_jupyter=False,
        color_system=None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with screen.capture() as captured:
        screen.print(shown)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def error_console() -> Console:
    """Standard error."""
    return _screen(stderr=True)


def _screen(*, stderr: bool = False, width: int | None = None) -> Screen:
    return Screen(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)
