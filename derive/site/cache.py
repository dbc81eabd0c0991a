"""Build cache: each result is stored with a digest of its inputs and rebuilt when it changes.

Each also has a digest of its own, so that a file that was damaged on the disk is made again.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import as_completed, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from derive.facts.image import Json
from derive.render.files import write_file

CACHE = Path(".derive-cache")


def workers() -> Executor:
    """Processes that make results side by side; on Linux they start with all that is imported."""
    return ProcessPoolExecutor(mp_context=get_context("fork" if sys.platform == "linux" else None))


def checksum(content: bytes) -> bytes:
    """The SHA-256 of some content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest().encode()


@dataclass(frozen=True)
class Wanted:
    """A result: its name, the digest of what it is made from, how, and the digest of its own files.

    Its own files are those one edits to change it and nothing else of its kind.
    """

    name: str
    digest: str
    make: Callable[[], Json]
    own: str = ""


@dataclass(frozen=True)
class BuildCache:
    """A folder of plain data that is made again only when what it was made from has changed."""

    folder: Path

    def begun(
        self, wanted: Iterable[Wanted], pool: Executor, late: set[str] | None = None
    ) -> "Filling":
        """Many results, of which what is stale is being made side by side.

        Given a set for the late ones, a stale result stays as it lies while its own files are as
        they were, and its name is added to the set.
        """
        names: list[str] = []
        found: dict[str, Json] = {}
        making: dict[Future[Json], Wanted] = {}
        for one in wanted:
            names.append(one.name)
            kept = self._kept(one.name)
            if kept.get("digest") == one.digest:
                found[one.name] = kept["value"]
            elif late is not None and kept.get("own") == one.own:
                found[one.name] = kept["value"]
                late.add(one.name)
            else:
                making[pool.submit(one.make)] = one
        return Filling(self, tuple(names), found, making)

    def find(self, name: str, digest: str) -> Json:
        """What lies under the name, or None if it was made from something else."""
        kept = self._kept(name)
        return kept["value"] if kept.get("digest") == digest else None

    def put(self, name: str, digest: str, value: Json, own: str = "") -> Json:
        """Store a result, and return it as it will be found."""
        text = json.dumps({"digest": digest, "own": own, "value": value}, ensure_ascii=False)
        file, body = self._file(name), text.encode()
        file.parent.mkdir(parents=True, exist_ok=True)
        write_file(file, checksum(body) + b"\n" + body, durable=False)
        back: Json = json.loads(text)["value"]
        return back

    def _kept(self, name: str) -> dict[str, Json]:
        """A result with its digest; nothing if there is none, or not as it was put there."""
        try:
            sum_, _, body = self._file(name).read_bytes().partition(b"\n")
        except OSError:
            return {}
        kept: dict[str, Json] = json.loads(body) if checksum(body) == sum_ else {}
        return kept

    def _file(self, name: str) -> Path:
        return self.folder / f"{name.replace('/', '+')}.json"


@dataclass(frozen=True)
class Filling:
    """Results by name: those that were found, and those that are being made."""

    cache: BuildCache
    names: tuple[str, ...]
    found: dict[str, Json]
    making: dict["Future[Json]", Wanted]

    def result(self) -> dict[str, Json]:
        """All of them, once they are made."""
        made = dict(self.each())
        return {name: made[name] for name in self.names}

    def each(self) -> Iterator[tuple[str, Json]]:
        """One by one: what was found, then what is being made, which is stored as it comes."""
        yield from self.found.items()
        for future in as_completed(self.making):
            one = self.making[future]
            yield one.name, self.cache.put(one.name, one.digest, future.result(), one.own)
