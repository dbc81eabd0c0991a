"""The same sources give the same bytes, whatever the cache holds and however sets are ordered."""

import hashlib
import os
import shutil
import subprocess
import sys

from tests.browser.conftest import BUILD, ROOT

NEEDED = ("derive", "docs", "examples", "overrides", "mkdocs.yml", "CITATION.cff", "CHANGELOG.md")


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_build_from_nothing_in_another_place_has_the_same_bytes(served, tmp_path):
    address, folder = served
    clone = tmp_path / "another clone"
    for name in NEEDED:
        ignored = shutil.ignore_patterns("__pycache__")
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, clone / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, clone / name)
    again = {"PYTHONPATH": str(clone), "PYTHONHASHSEED": "7", "DERIVE_OFFLINE": "yes"}
    packages = {"DERIVE_PACKAGES": str(ROOT / ".derive-cache")}
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=clone,
        env={**os.environ, **BUILD, **again, **packages, "SITE_URL": address},
    )
    assert run.returncode == 0, run.stderr
    first, second = digests(folder), digests(tmp_path / "site")
    assert len(first) > 150
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
