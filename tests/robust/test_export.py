"""Pages written to a folder overwrite nothing that was not written by an earlier export."""

import pytest

from derive.notation.errors import InputError
from derive.site import build
from derive.site.export import export, WRITTEN

PAGES = {"index.md": b"home", "families/cp.md": b"CP"}


def texts(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != WRITTEN)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_pages_are_written_and_written_again(tmp_path):
    export(PAGES, tmp_path / "new" / "folder")
    export({**PAGES, "index.md": b"another home"}, tmp_path / "new" / "folder")
    assert texts(tmp_path / "new" / "folder") == {**PAGES, "index.md": b"another home"}


def test_pages_that_are_gone_are_removed_and_changed_ones_are_kept(tmp_path):
    export({**PAGES, "old.md": b"old", "mine.md": b"old"}, tmp_path)
    (tmp_path / "mine.md").write_bytes(b"mine now")
    export(PAGES, tmp_path)
    assert texts(tmp_path) == {**PAGES, "mine.md": b"mine now"}


@pytest.mark.parametrize("name", ["index.md", "families/cp.md"])
@pytest.mark.parametrize("kind", ["file", "folder", "link", "changed"])
def test_what_is_in_the_way_is_kept_and_nothing_is_written(tmp_path, name, kind):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if kind == "changed":
        export(PAGES, tmp_path)
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        (tmp_path / "precious").write_bytes(b"precious")
        path.symlink_to(tmp_path / "precious")
    else:
        path.write_bytes(b"precious")
    before = texts(tmp_path)
    with pytest.raises(InputError, match=r"is in the way: no export wrote it as it is now"):
        export({"a.md": b"first", **PAGES}, tmp_path)
    assert texts(tmp_path) == before


def test_an_interrupted_export_can_be_done_again(tmp_path, monkeypatch):
    written = []

    def interrupted(path, content, write=build.export.__globals__["_write"]):
        written.append(path)
        if len(written) == 3:
            raise KeyboardInterrupt
        write(path, content)

    monkeypatch.setitem(build.export.__globals__, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export(PAGES, tmp_path)
    monkeypatch.undo()
    export({**PAGES, "index.md": b"another home"}, tmp_path)
    assert texts(tmp_path) == {**PAGES, "index.md": b"another home"}


def test_a_record_that_leads_out_is_not_followed(tmp_path):
    folder = tmp_path / "pages"
    export(PAGES, folder)
    precious = tmp_path / "precious"
    precious.write_bytes(b"CP")
    record = (folder / WRITTEN).read_text().replace("families/cp.md", "../precious")
    (folder / WRITTEN).write_text(record)
    (folder / "families" / "cp.md").unlink()
    export({"index.md": b"home"}, folder)
    assert precious.read_bytes() == b"CP"


@pytest.mark.parametrize("folder", ["docs", "docs/lab/deep", ".", ".."])
def test_the_hand_written_pages_are_never_written_into(folder, monkeypatch):
    monkeypatch.setattr(build, "derived", lambda: pytest.fail("derived before it was refused"))
    with pytest.raises(InputError, match=r"lies in docs/, or holds it: choose another folder"):
        build.write_markdown(build.Path(folder))
