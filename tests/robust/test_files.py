"""Files are written in full or not at all, whatever goes wrong on the way."""

import errno
import os
from pathlib import Path

import pytest

from derive.notation.errors import InputError
from derive.render import files
from derive.render.files import write_file

FULL = Path("/dev/full")


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "factors.json"
    path.write_bytes(b"old")
    return path


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def fail(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("overwrite", "steps"),
    [
        (True, [(os, "fsync")]),
        (False, [(os, "fsync")]),
        (True, [(Path, "replace")]),
        (False, [(os, "link"), (Path, "replace")]),
    ],
)
def test_a_failure_at_any_step_leaves_no_part_of_a_new_file(
    tmp_path, monkeypatch, overwrite, steps
):
    for owner, name in steps:
        monkeypatch.setattr(owner, name, fail)
    with pytest.raises(InputError, match=r"cannot write .*No space left on device"):
        write_file(tmp_path / "new", b"new", overwrite=overwrite)
    assert listed(tmp_path) == []


def test_an_old_file_survives_a_full_disk(old, monkeypatch):
    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(InputError, match="No space left"):
        write_file(old, b"new")
    assert old.read_bytes() == b"old"
    assert listed(old.parent) == ["factors.json"]


def test_an_old_file_survives_an_interruption(old, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(old, b"new")
    assert old.read_bytes() == b"old"
    assert listed(old.parent) == ["factors.json"]


def test_a_file_that_exists_is_kept_unless_it_may_be_overwritten(old):
    with pytest.raises(InputError, match=r"factors\.json exists: choose another name, or --force"):
        write_file(old, b"new", overwrite=False)
    assert old.read_bytes() == b"old"
    write_file(old, b"new")
    assert old.read_bytes() == b"new"


def test_a_file_that_appears_meanwhile_is_kept(tmp_path, monkeypatch):
    target, sync = tmp_path / "new", os.fsync

    def another_is_quicker(number):
        sync(number)
        target.write_bytes(b"another's")

    monkeypatch.setattr(files.os, "fsync", another_is_quicker)
    with pytest.raises(InputError, match="exists"):
        write_file(target, b"ours", overwrite=False)
    assert target.read_bytes() == b"another's"
    assert listed(tmp_path) == ["new"]


def test_links_and_permissions_are_kept(old):
    old.chmod(0o640)
    link = old.with_name("link")
    link.symlink_to(old.name)
    write_file(link, b"new")
    assert link.is_symlink()
    assert old.read_bytes() == b"new"
    assert old.stat().st_mode & 0o777 == 0o640


def test_a_new_file_is_as_readable_as_any_other(tmp_path):
    write_file(tmp_path / "ours", b"")
    (tmp_path / "other").touch()
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", FULL):
        with pytest.raises(InputError, match="it is a folder, a pipe or a device, not a file"):
            write_file(path, b"new")


@pytest.mark.parametrize("name", ["missing/new", "x" * 300, "nul\0", "loop"])
def test_what_cannot_be_written_is_one_line(tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InputError, match=r"^cannot write [^\n]+: [^\n]+$"):
        write_file(tmp_path / name, b"new")
    assert listed(tmp_path) == ["loop"]
