"""What lies in the cache is believed only if it is as it was put there."""

import base64
import hashlib
import io
import sys
import tarfile
from concurrent.futures import Executor, Future

import pytest

from derive.notation.errors import InputError
from derive.site import npm, pyodide
from derive.site.cache import BuildCache, Wanted
from derive.site.katex import Katex
from derive.site.npm import Package, Store

FILES = {"package/package.json": b"{}", "package/dist/katex.min.css": b".katex{}"}
NOT_IN_TIME = "import signal; signal.pause()"
NO_NETWORK = """
import sys
sys.exit('''npm error code ENOTFOUND
npm error syscall getaddrinfo
npm error network request to the registry failed, reason: getaddrinfo ENOTFOUND registry''')
"""


class Here(Executor):
    """Makes everything at once, in this process."""

    def submit(self, make, /, *args, **kwargs):
        made = Future()
        made.set_result(make(*args, **kwargs))
        return made


def packed(files):
    """An archive as npm makes them."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def package(content):
    return Package("katex", "0.0.1", base64.b64encode(hashlib.sha512(content).digest()).decode())


@pytest.fixture
def given(tmp_path):
    """A package, and a store that has it from a folder of the reader's."""
    npm._unpacked.cache_clear()
    content = packed(FILES)
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "katex-0.0.1.tgz").write_bytes(content)
    return package(content), Store(tmp_path / "cache", folder, online=False)


def texts(folder):
    root = folder.parent
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_a_package_comes_from_a_folder_and_stays_in_the_cache(given, tmp_path):
    one, store = given
    assert texts(store.folder(one)) == FILES
    assert Store(tmp_path / "cache", None, online=False).has(one)


@pytest.mark.parametrize("damage", [b"", b".katex{color:red}", None])
def test_an_unpacked_file_that_was_damaged_is_unpacked_again(given, damage):
    one, store = given
    file = store.folder(one) / "dist" / "katex.min.css"
    file.unlink() if damage is None else file.write_bytes(damage)
    npm._unpacked.cache_clear()
    assert texts(store.folder(one)) == FILES


@pytest.mark.parametrize("keep", [0, 20, -1])
def test_an_archive_that_was_cut_is_not_used(given, tmp_path, keep):
    one, store = given
    store.folder(one)
    archive = tmp_path / "cache" / one.archive
    archive.write_bytes(archive.read_bytes()[:keep])
    assert not Store(tmp_path / "cache", None, online=False).has(one)
    npm._unpacked.cache_clear()
    assert texts(store.folder(one)) == FILES, "the reader's folder has it still"


def without_network(monkeypatch, program):
    monkeypatch.setattr(npm, "command", lambda _: [sys.executable, "-c", program])


def test_without_a_network_one_line_says_why_and_what_to_do(given, monkeypatch, tmp_path):
    one, _ = given
    without_network(monkeypatch, NO_NETWORK)
    with pytest.raises(InputError) as caught:
        Store(tmp_path / "new").fetch([one])
    assert str(caught.value) == (
        "npm cannot fetch katex@0.0.1, which the site needs: getaddrinfo ENOTFOUND registry;"
        " without a network: derive build --offline, or --packages DIR with katex-0.0.1.tgz"
    )


def test_a_network_that_does_not_answer_is_given_up(given, monkeypatch, tmp_path):
    one, _ = given
    without_network(monkeypatch, NOT_IN_TIME)
    monkeypatch.setattr(npm, "PATIENCE", 0.2)
    with pytest.raises(InputError, match=r"no answer in 0\.2 s; without a network: derive build"):
        Store(tmp_path / "new").fetch([one])


def test_offline_formulas_stay_tex_and_the_page_gets_no_python(tmp_path):
    store = Store(tmp_path / "none", None, online=False)
    katex = Katex(store)
    page = r'<p><span class="arithmatex">\(x &lt; 1\)</span></p>'
    assert katex.assets() == []
    assert katex.typeset(page) == '<p><code class="tex">x &lt; 1</code></p>'
    assert pyodide.assets(store) == {}


def wanted(text, key="1"):
    return Wanted("families/cp.md", key, lambda: text, "own")


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: kept.replace(b"rank at most", b"rank at least"),
        lambda kept: kept[:-20],
        lambda kept: kept[:64] + b"\n{}",
        lambda _: b"",
        lambda kept: kept.replace(b'"digest": "1"', b'"digest": "2"'),
    ],
    ids=["a changed sentence", "cut", "emptied", "empty", "another digest"],
)
def test_a_result_that_was_damaged_is_made_again(tmp_path, damage):
    cache = BuildCache(tmp_path)
    cache.begun([wanted("rank at most 1")], Here()).result()
    (file,) = tmp_path.glob("*.json")
    changed = damage(file.read_bytes())
    assert changed != file.read_bytes()
    file.write_bytes(changed)
    for key in ("1", "2"):
        assert cache.begun([wanted("made again", key)], Here()).result() == {
            "families/cp.md": "made again"
        }
        file.write_bytes(changed)


@pytest.mark.parametrize("damage", [lambda b: b[:-10], lambda b: b[:40] + b"!" + b[41:]])
def test_an_archive_of_python_that_was_damaged_is_packed_again(tmp_path, damage):
    def entries():
        yield "derive/__init__.py", pyodide.PACKAGE / "__init__.py"

    first = pyodide._archive(tmp_path, "derive", "key", entries)
    content = first.read_bytes()
    first.write_bytes(damage(content))
    assert pyodide._archive(tmp_path, "derive", "key", entries).read_bytes() == content
    packed_once = first.stat().st_mtime_ns
    pyodide._archive(tmp_path, "derive", "key", entries)
    assert first.stat().st_mtime_ns == packed_once
