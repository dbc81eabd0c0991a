"""Words that the house does without appear in no name, sentence, message or comment."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = (
    *("derive/**/*.py", "derive/**/*.j2", "derive/**/*.json", "derive/**/*.mjs"),
    *("docs/**/*.md", "docs/assets/**/*.js", "docs/assets/**/*.css", "overrides/*.html"),
    *("examples/*.py", "README.md", "CONTRIBUTING.md", "mkdocs.yml"),
)
WORDS = {
    "everyday": "same-size, common",
    "furniture": "navigation",
    "told": "reported, distinguished",
    "roads?": "cross-check, another way",
    "kit": "widgets",
    "ledger": "cost table, conventions, stages",
    "yardstick": "baseline",
    "amiss": "wrong",
    "dear(?:er|est)?": "more expensive, costs more",
    "spell(?:s|ed|ing)?|spelt": "represents, gives, stands for, as text",
    "in place of": "instead of",
    "besides?": "next to, in addition to, outside",
    "so many": "that many, a given number of",
    "deal(?:s|t)?": "assignment, factorization",
}
CLASSES = {
    "Box": "Grid",
    "Listed": "Item, CaseList",
    "Finding": "Result",
    "Dearer": "MoreExpensive",
    "Spelled": "ParsedLine",
    "Later": "Background",
}
# Where such a word stays: part of a file's name, what stands there, and why.
KEPT = (
    ("derive/comparison.py", "dearer than standard", "a note in the JSON of derive/compare/1"),
    ("derive/facts/comparison.py", "dearer: bool", "a key of derive/compare/1"),
    ("derive/facts/comparison.py", "dearer=bool", "a key of derive/compare/1"),
    ("docs/reference/command-line.md", "`dearer`", "a key of derive/compare/1"),
    ("docs/assets/", "row.dearer", "a key of derive/compare/1"),
    ("docs/assets/", "made.dearer", "a key of derive/compare/1"),
    ("docs/assets/", '"dearer"', "a key of derive/compare/1"),
    ("docs/assets/", ".dearer", "a key of derive/compare/1"),
    ("derive/decide/verdict.py", "whether so many outer products", "a reason in derive/factor/1"),
    ("derive/decide/verdict.py", "alone spells the kernel", "a reason in derive/factor/1"),
    ("/in_bounds_taps.py", "everyday", "a formula's name, in derive/theorem/1 and its address"),
    ("/intersections.py", "spelled_out", "a formula's name, in derive/theorem/1 and its address"),
    ("learn/counting.md.j2", "{: #ledger }", "an address that others may link to"),
    ("learn/factoring.md.j2", "{: #deal }", "an address that others may link to"),
    ("", "WebKit", "the name of an engine"),
)
WORD = re.compile(rf"(?<![^\W_])({'|'.join(WORDS)})(?![^\W_])", re.IGNORECASE)
CLASS = re.compile(rf"\bclass (({'|'.join(CLASSES)})\w*)")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
FILES = sorted({path for pattern in READ for path in ROOT.glob(pattern)})


def faults(name, text):
    """Every word that is not ours with its line, but for what is kept."""
    for part, kept, _ in KEPT:
        if part in name:
            text = text.replace(kept, " ")
    for number, line in enumerate(text.splitlines(), start=1):
        for word in WORD.findall(CAMEL.sub("_", line)):
            better = next(way for said, way in WORDS.items() if re.fullmatch(said, word, re.I))
            yield f"{name}:{number}: {word} ({better})"
        for kind, said in CLASS.findall(line):
            yield f"{name}:{number}: class {kind} ({CLASSES[said]})"


@pytest.mark.parametrize("folder", sorted({path.relative_to(ROOT).parts[0] for path in FILES}))
def test_the_words_of_the_house_are_used(folder):
    read = [path for path in FILES if path.relative_to(ROOT).parts[0] == folder]
    assert read
    found = [
        fault
        for path in read
        for fault in faults(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def test_what_is_kept_is_still_there():
    texts = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in FILES}
    for part, kept, _ in KEPT:
        assert any(part in name and kept in text for name, text in texts.items()), (part, kept)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("two_roads = ledgerOf(x)", ["roads", "ledger"]),
        ("It stands beside the badge, so many times.", ["beside", "so many"]),
        ("class ListedFamily:", ["class ListedFamily"]),
        ("The later letters are listed in a box; finding them is a broad road_map", ["road"]),
        ("an endearing kitten misspelled everything", []),
    ],
)
def test_words_are_found_in_names_and_sentences(text, words):
    found = [fault.partition(": ")[2].partition(" (")[0] for fault in faults("one", text)]
    assert sorted(found) == sorted(words)
