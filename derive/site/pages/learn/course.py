"""The course: its lessons in order, and what every page of it shares.

A lesson with numbers has a module of its own next to this one, named like it with underscores:
its ``context()`` supplies them, and a template ``templates/learn/<lesson>.md.j2``.
"""

import json
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
TEMPLATES = HERE.parents[1] / "templates" / "learn"


@dataclass(frozen=True)
class Lesson:
    """One page: its slug, its title, and the idea in one sentence."""

    slug: str
    title: str
    idea: str

    @property
    def path(self) -> str:
        """Where the page of the lesson lies in the site."""
        return f"learn/{self.slug}.md"

    @property
    def template(self) -> str:
        """The template that holds the words of the lesson."""
        return f"learn/{self.slug}.md.j2"

    @property
    def written(self) -> bool:
        """Whether the lesson has words yet."""
        return (TEMPLATES / f"{self.slug}.md.j2").is_file()


COURSE = (
    Lesson(
        "convolution",
        "A convolution is a sum",
        "Each output pixel is a sum of products over input channels and taps; stride, dilation and "
        "padding only say which pixels the taps meet.",
    ),
    Lesson(
        "factoring",
        "Factoring a sum",
        "The distributive law takes a common factor out of a sum, and the cheap convolutions of "
        "this book are that law applied to the kernel.",
    ),
    Lesson(
        "asymmetric",
        "Asymmetric: column, then row",
        "Split the kernel along height and width; a rank says how many middle channels that takes.",
    ),
    Lesson(
        "depthwise-separable",
        "Depthwise separable: space, then channels",
        "Filter each channel on its own, then mix: the share of the cost is one over the output "
        "channels plus one over the taps.",
    ),
    Lesson(
        "channels",
        "Several channels, and why the order matters",
        "Column first or row first is the same with one channel; with several it can be one middle "
        "channel against nine.",
    ),
    Lesson(
        "same",
        "Are they the same?",
        "No. On this map of the families every region contains a kernel, and that proves it.",
    ),
    Lesson(
        "counting",
        "Counting, and why tools disagree",
        "Parameters, multiply–accumulates and FLOPs of one layer, under every convention you meet.",
    ),
    Lesson(
        "where-equality-breaks",
        "Where equality breaks",
        "Padding, bias, an activation or a stride between the stages can make pipelines differ.",
    ),
    Lesson(
        "speed",
        "Why fewer FLOPs is not faster",
        "A layer waits for its memory: how many bytes the operations move counts as well.",
    ),
    Lesson(
        "stacking",
        "Stacking small kernels",
        "Two small convolutions in a row are one larger one: kernels multiply like polynomials.",
    ),
)


def navigation(slug: str) -> dict[str, object]:
    """What the macros of ``templates/learn/course.j2`` show: this lesson, the next, the number.

    >>> navigation("convolution")["number"], navigation("stacking")["following"] is None
    (1, True)
    """
    at = next(place for place, lesson in enumerate(COURSE) if lesson.slug == slug)
    return {
        "lesson": COURSE[at],
        "number": at + 1,
        "lessons": len(COURSE),
        "following": next((lesson for lesson in COURSE[at + 1 :] if lesson.written), None),
    }


def contents() -> list[dict[str, object]]:
    """What the page of the whole course shows."""
    return [
        {"slug": one.slug, "title": one.title, "idea": one.idea, "written": one.written}
        for one in COURSE
    ]


def facts_html(facts: object) -> str:
    """Numbers for a figure, inside a template element that neither shows nor runs.

    >>> facts_html({"a": "<"})
    '<template class="facts" data-search-exclude>{"a":"\\\\u003c"}</template>'
    """
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return f'<template class="facts" data-search-exclude>{text}</template>'


def module(lesson: Lesson) -> ModuleType | None:
    """The module that supplies a lesson's numbers, if it is there."""
    name = lesson.slug.replace("-", "_")
    if not (HERE / f"{name}.py").is_file():
        return None
    return import_module(f"{__package__}.{name}")
