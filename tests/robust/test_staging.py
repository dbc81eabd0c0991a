"""The last good site stays until the next one is complete."""

import os
import time
from pathlib import Path

import pytest

from derive.notation.errors import InputError
from derive.site import staging
from derive.site.staging import staged


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("old")
    return folder


def page(folder):
    return (folder / "index.html").read_text()


def built(staged, text="new"):
    (staged.built / "index.html").write_text(text)


def left(site):
    return sorted(path.name for path in site.parent.iterdir())


def test_a_complete_site_takes_the_place_of_the_old_one(site):
    (site / "gone.html").touch()
    with staged(site) as new:
        built(new)
        assert page(site) == "old"
        new.publish()
        assert page(site) == "new"
    assert [path.name for path in site.iterdir()] == ["index.html"]
    assert left(site) == ["site"]
    assert site.stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_a_build_that_ends_early_leaves_the_old_site(site, error):
    def fail():
        with staged(site) as new:
            built(new)
            raise error

    with pytest.raises(error):
        fail()
    assert page(site) == "old"
    assert left(site) == ["site"]


@pytest.mark.parametrize("moment", [1, 2])
@pytest.mark.parametrize("error", [KeyboardInterrupt, PermissionError(13, "Permission denied")])
def test_an_interruption_at_the_swap_leaves_the_old_site(site, monkeypatch, moment, error):
    moves, rename = [], Path.rename

    def interrupted(path, target):
        moves.append(path)
        if len(moves) == moment:
            raise error
        return rename(path, target)

    def publish():
        with staged(site) as new:
            built(new)
            new.publish()

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt if error is KeyboardInterrupt else InputError):
        publish()
    assert page(site) == "old"
    assert left(site) == ["site"]


def test_of_two_builds_at_once_each_is_published_whole(site):
    with staged(site) as one, staged(site) as two:
        built(one, "one")
        built(two, "two")
        one.publish()
        assert page(site) == "one"
        two.publish()
        assert page(site) == "two"
    assert left(site) == ["site"]


def test_a_site_that_another_build_puts_there_in_the_middle_is_replaced(site, monkeypatch):
    rename, busy = Path.rename, []

    def racing(path, target):
        if path.name == "new" and not busy:
            busy.append(True)
            site.mkdir()
            (site / "index.html").write_text("another's")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", racing)
    with staged(site) as new:
        built(new)
        new.publish()
    assert page(site) == "new"
    assert left(site) == ["site"]


def test_a_killed_build_is_put_right_by_the_next_one(site):
    with staged(site) as killed:
        site.rename(killed.folder / "old-1")
        with staged(site):
            assert page(site) == "old"


def test_what_was_left_behind_long_ago_goes(site):
    stale, fresh = site.with_name(".site-stale"), site.with_name(".site-fresh")
    stale.mkdir()
    fresh.mkdir()
    old = time.time() - 2 * staging.DAY
    os.utime(stale, (old, old))
    with staged(site):
        pass
    assert left(site) == [".site-fresh", "site"]


def test_a_link_to_another_folder_stays_a_link(tmp_path, site):
    link = tmp_path / "public"
    link.symlink_to(site)
    with staged(link) as new:
        built(new)
        new.publish()
    assert link.is_symlink()
    assert page(link) == page(site) == "new"
