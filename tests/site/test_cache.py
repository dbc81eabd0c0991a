"""The cache of made pages: what is stale is made again, and what may wait for it."""

import sys
from concurrent.futures import Executor, Future

import pytest

from derive.site import background, sources
from derive.site.background import Background
from derive.site.cache import BuildCache, Wanted
from tests.waiting import waited


class Here(Executor):
    """Makes everything at once, in this process."""

    def submit(self, make, /, *args, **kwargs):
        made = Future()
        made.set_result(make(*args, **kwargs))
        return made


def wanted(text, digest, own="own", name="families/cp.md"):
    return Wanted(name, digest, lambda: text, own)


@pytest.fixture
def cache(tmp_path):
    """A cache on which one page lies."""
    made = BuildCache(tmp_path / "pages")
    assert made.begun([wanted("old", "1")], Here()).result() == {"families/cp.md": "old"}
    return made


def fail():
    raise AssertionError("made again")


def test_what_is_fresh_is_not_made_again(cache):
    one = Wanted("families/cp.md", "1", fail, "own")
    assert cache.begun([one], Here()).result() == {"families/cp.md": "old"}
    late = set()
    assert cache.begun([one], Here(), late).result() == {"families/cp.md": "old"}
    assert not late


def test_what_is_stale_is_made_again_unless_it_may_be_late(cache):
    late = set()
    assert cache.begun([wanted("new", "2")], Here(), late).result() == {"families/cp.md": "old"}
    assert late == {"families/cp.md"}
    assert cache.begun([wanted("new", "2")], Here()).result() == {"families/cp.md": "new"}
    assert cache.find("families/cp.md", "2") == "new"
    assert cache.find("families/cp.md", "1") is None


def test_what_an_edit_shows_in_is_never_late(cache):
    late = set()
    edited = wanted("new", "2", own="edited")
    assert cache.begun([edited], Here(), late).result() == {"families/cp.md": "new"}
    first = wanted("first", "1", name="families/tucker.md")
    assert cache.begun([edited, first], Here(), late).result() == {
        "families/cp.md": "new",
        "families/tucker.md": "first",
    }
    assert not late


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"value": "old"}', "\xff"])
def test_a_broken_entry_is_made_again(cache, text):
    (cache.folder / "families+cp.md.json").write_text(text, "latin-1")
    assert cache.begun([wanted("new", "2")], Here(), set()).result() == {"families/cp.md": "new"}


def test_pages_keep_their_order(cache):
    names = ["b", "families/cp.md", "a"]
    pages = [wanted("old", "1", name=name) for name in names]
    assert list(cache.begun(pages, Here()).result()) == names


def test_an_edit_while_pages_are_made_makes_them_stale_next_time(tmp_path, monkeypatch):
    file = tmp_path / "leaf.py"
    file.write_text("before")
    monkeypatch.setattr(sources, "PACKAGE", tmp_path)
    sources.look()
    first = sources.digest([file])
    file.write_text("edited")
    assert sources.digest([file]) == first, "what is imported is what was there at first"
    sources.look()
    assert sources.digest([file]) != first
    monkeypatch.undo()
    sources.look()


def ready(tmp_path, monkeypatch, program):
    """Late pages that a program makes."""
    monkeypatch.setattr(background, "DERIVE", (sys.executable, "-c", program))
    return Background(tmp_path)


def test_the_server_hears_of_late_pages_once_they_are_made(tmp_path, monkeypatch):
    late = ready(tmp_path, monkeypatch, "print('made')")
    late.begin()
    assert waited((late.folder / "made").exists)


def test_a_failure_is_reported_and_no_page_is_called_made(tmp_path, monkeypatch, caplog):
    late = ready(tmp_path, monkeypatch, "raise SystemExit('theorem rank-one fails')")
    late.begin()
    assert waited(lambda: "theorem rank-one fails" in caplog.text)
    assert not (late.folder / "made").exists()


def test_a_new_edit_gives_up_what_was_begun(tmp_path, monkeypatch):
    late = ready(tmp_path, monkeypatch, "import signal; signal.pause()")
    late.begin()
    first = late.running
    late.begin()
    assert first.process.wait() != 0
    late.stop()
    assert late.running is None
    assert not (late.folder / "made").exists()
