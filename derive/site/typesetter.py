"""Node with KaTeX, which sets one lot of formulas after another: the later ones in less time."""

import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from derive.notation.errors import InputError
from derive.render.crash import last_line
from derive.site.npm import command

SCRIPT = Path(__file__).with_name("katex.mjs")
Formula = tuple[str, bool]  # TeX, and whether it stands on a line of its own


class Typesetter:
    """A run of node, which ends when it is closed or this process is gone."""

    def __init__(self, *files: Path) -> None:
        """Start it with what the script is given: KaTeX, its sheet and ours."""
        self._errors = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self._process = subprocess.Popen(
            [*command("node"), str(SCRIPT), *map(str, files)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
        )

    def set(self, formulas: Sequence[Formula]) -> list[str]:
        """The HTML of every formula; InputError for broken TeX, which ends the run."""
        process = self._process
        assert process.stdin
        assert process.stdout
        with suppress(BrokenPipeError):
            process.stdin.write(f"{json.dumps(formulas)}\n")
            process.stdin.flush()
        if line := process.stdout.readline():
            return [str(text) for text in json.loads(line)]
        code = process.wait()
        self._errors.seek(0)
        raise InputError(f"mathematics: {last_line(self._errors.read(), code)}")

    def close(self) -> None:
        """End it."""
        with suppress(BrokenPipeError), self._errors, self._process:
            pass
