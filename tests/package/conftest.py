"""The repository as a newcomer has it, and what an installation makes of it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.tools import need

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tracked():
    """Every file of the repository that git tracks."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    need(not run.returncode and run.stdout, "this is no clone of the repository")
    names = run.stdout.decode().rstrip("\0").split("\0")
    return [name for name in names if (ROOT / name).is_file()]


def copied(tracked, folder):
    for name in tracked:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.fixture
def clone(tracked, tmp_path):
    """A copy of the repository without anything that was built in it."""
    return copied(tracked, tmp_path / "clone")


@pytest.fixture(scope="session")
def wheel(tracked, tmp_path_factory):
    """The wheel of the repository."""
    return built(copied(tracked, tmp_path_factory.mktemp("wheel")), "wheel")


def built(clone, kind):
    """What setuptools makes of a clone: a wheel, an editable wheel or a source distribution."""
    need(find_spec("setuptools"), 'setuptools is not installed: pip install -e ".[test]"')
    code = f"from setuptools import build_meta; build_meta.build_{kind}('dist')"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=clone, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    (file,) = (clone / "dist").iterdir()
    return file


@dataclass(frozen=True)
class Installation:
    """An environment of its own that has one distribution, and our dependencies."""

    folder: Path
    clone: Path

    def run(self, *arguments, **environment):
        """Run the command line in the clone as its script does: nothing comes from the folder."""
        return subprocess.run(
            [self.folder / "bin" / "python", "-P", "-m", "derive", *arguments],
            cwd=self.clone,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )


def installed(wheel, clone):
    """The installation of a wheel, used in a clone."""
    need(sys.platform != "win32", "an environment is laid out otherwise on Windows")
    folder = clone.parent / "environment"
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(packages)
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return Installation(folder, clone)
