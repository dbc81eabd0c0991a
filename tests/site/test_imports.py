"""What a page is made from: every import of a module, wherever it stands."""

import os

import pytest

from derive.site.imports import Import, imports, read

BRANCHES = """
if x:
    import a
else:
    import b
try:
    import c
except ImportError:
    import d
else:
    import e
finally:
    import f
match x:
    case 1:
        import g
async def h():
    with x:
        for y in x:
            import h
        else:
            import i
"""


def test_every_import_is_seen_wherever_it_stands():
    assert sorted(one.module for one in read(BRANCHES)) == list("abcdefghi")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from . import a", []),
        ("import a.b, c as d", [Import("a.b", (), True), Import("c", (), True)]),
        ("from a.b import c as d, e", [Import("a.b", ("c", "e"), True)]),
        ("if TYPE_CHECKING:\n    import a", [Import("a", (), False)]),
        ("def f():\n    if TYPE_CHECKING and x:\n        import a", [Import("a", (), True)]),
        ('"""\nimport a\n"""', []),
    ],
)
def test_an_import_says_what_it_takes_and_whether_it_runs(source, found):
    assert list(read(source)) == found


def test_a_file_that_changes_is_read_anew(tmp_path):
    file = tmp_path / "file.py"
    file.write_text("import a")
    assert [one.module for one in imports(file)] == ["a"]
    file.write_text("import bc")
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))
    assert [one.module for one in imports(file)] == ["bc"]
