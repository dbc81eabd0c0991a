"""Python source in pieces that a page colours: the classes are those of Pygments."""

from collections.abc import Iterator
from io import StringIO
from keyword import iskeyword
from token import tok_name
from tokenize import generate_tokens, TokenInfo

KINDS = {
    **{"COMMENT": "c1", "STRING": "s", "NUMBER": "mi", "OP": "o"},
    **dict.fromkeys(("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END"), "s"),  # from Python 3.12 on
}
Piece = tuple[str, str]


def pieces(source: str) -> Iterator[Piece]:
    """The text in pieces, each with its class, empty for what has none; together they are the text.

    >>> list(pieces("x = 1  # one\\n"))
    [('', 'x '), ('o', '='), ('', ' '), ('mi', '1'), ('', '  '), ('c1', '# one'), ('', '\\n')]
    """
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    end = 0
    for token in generate_tokens(StringIO(source).readline):
        if kind := _kind(token):
            first, last = (starts[y - 1] + x for y, x in (token.start, token.end))
            if end < first:
                yield "", source[end:first]
            yield kind, source[first:last]
            end = last
    if end < len(source):
        yield "", source[end:]


def _kind(token: TokenInfo) -> str:
    name = tok_name[token.type]
    return "k" if name == "NAME" and iskeyword(token.string) else KINDS.get(name, "")
