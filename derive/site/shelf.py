"""A shelf in the cache folder: results by name, each with the digest of what it was made from."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeAlias

CACHE = Path(".derive-cache")
Wanted: TypeAlias = tuple[str, str, Callable[[], Any]]  # a name, a digest, and how it is made


def workers() -> Executor:
    """Processes that make results side by side; on Linux they start with all that is imported."""
    return ProcessPoolExecutor(mp_context=get_context("fork" if sys.platform == "linux" else None))


@dataclass(frozen=True)
class Shelf:
    """A folder of plain data that is made again only when what it was made from has changed."""

    folder: Path

    def filled(self, wanted: Iterable[Wanted], pool: Executor) -> dict[str, Any]:
        """Many results at once, by name; what is stale is made side by side."""
        found, making = {}, {}
        for name, digest, make in wanted:
            found[name] = self.find(name, digest)
            if found[name] is None:
                making[name] = digest, pool.submit(make)
        for name, (digest, made) in making.items():
            found[name] = self.put(name, digest, made.result())
        return found

    def find(self, name: str, digest: str) -> Any:
        """What lies under the name, or None if it was made from something else."""
        try:
            kept = json.loads(self._file(name).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return kept["value"] if isinstance(kept, dict) and kept.get("digest") == digest else None

    def put(self, name: str, digest: str, value: Any) -> Any:
        """Put a result on the shelf, and hand it back as it will be found there."""
        text = json.dumps({"digest": digest, "value": value}, ensure_ascii=False)
        file = self._file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        partly = file.with_suffix(f".{os.getpid()}.part")
        partly.write_text(text, encoding="utf-8")
        partly.replace(file)
        return json.loads(text)["value"]

    def _file(self, name: str) -> Path:
        return self.folder / f"{name.replace('/', '+')}.json"
