"""Unexpected failures: one line for the user, and a log file that holds the traceback."""

from tempfile import NamedTemporaryFile
from traceback import format_exception


def crashed(error: BaseException) -> str:
    """What an unexpected exception says, in one line that names the log file of its traceback."""
    return _logged(f"{type(error).__name__}: {error}", "".join(format_exception(error)))


def last_line(output: str, code: int) -> str:
    r"""What a process that failed said last; if it said more, the line names the log file of it.

    >>> last_line("no such family\n", 1)
    'no such family'
    >>> last_line("", -9)
    'the process ended with exit code -9 and no message'
    """
    lines = output.strip().splitlines()
    if not lines:
        return f"the process ended with exit code {code} and no message"
    return _logged(lines[-1], output) if len(lines) > 1 else lines[0]


def _logged(line: str, log: str) -> str:
    line = " ".join(line.split())
    try:
        with NamedTemporaryFile(
            "w", prefix="derive-", suffix=".log", delete=False, encoding="utf-8", errors="replace"
        ) as file:
            file.write(log)
    except OSError as error:
        return f"{line} (no log file could be written: {error.strerror})"
    return f"{line} (the traceback is in {file.name})"
