"""What the hosting service runs and offers: pinned actions, both ends of Python, forms."""

import re
import tomllib

import yaml

from tests.package.conftest import ROOT

GITHUB = ROOT / ".github"
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def loaded(path):
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # "on" stays a word


WORKFLOW = loaded(GITHUB / "workflows" / "site.yml")
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def test_every_action_is_pinned_by_its_commit_and_names_its_release():
    text = (GITHUB / "workflows" / "site.yml").read_text("utf-8")
    lines = [line for line in text.splitlines() if "uses:" in line]
    assert len(lines) == sum("uses" in step for step in STEPS)
    assert [line for line in lines if not PINNED.search(line)] == []


def test_no_checkout_leaves_its_credentials_behind():
    checkouts = [step for step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == len(WORKFLOW["jobs"])
    assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)


def test_the_oldest_and_the_newest_python_run_everything():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [line.rpartition(" ")[2] for line in project["classifiers"] if "Python :: 3." in line]
    oldest, newest = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert project["requires-python"] == f">={oldest}"
    assert (oldest, newest) == (named[0], named[-1])


def test_updates_are_asked_for_everything_that_is_pinned():
    updates = loaded(GITHUB / "dependabot.yml")["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "pip"}
    assert all(update["directory"] == "/" for update in updates)


def test_there_is_a_form_for_each_kind_of_report():
    forms = {path.stem: loaded(path) for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml")}
    assert forms.keys() == {"config", "wrong-number", "program", "suggestion"}
    for form in (form for name, form in forms.items() if name != "config"):
        assert form["name"]
        assert form["description"]
        ids = [field["id"] for field in form["body"] if field["type"] != "markdown"]
        assert ids
        assert len(ids) == len(set(ids))
    assert (ROOT / "SECURITY.md").is_file()
