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
    """One page: its slug, its title, and the idea in a sentence and in two more."""

    slug: str
    title: str
    idea: str
    further: str

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
        "The weights of the sum are the kernel, a box of numbers with four letters: output, "
        "input, vertical tap, horizontal tap. The rest of the course is about ways to write "
        "this box as a product of smaller ones.",
    ),
    Lesson(
        "factoring",
        "Factoring a sum",
        "The distributive law takes a common factor out of a sum, and the cheap convolutions of "
        "this book are that law applied to the kernel.",
        "If a kernel is a product of factors, the sum can be taken one letter at a time. Such a "
        "layer represents only kernels that are such a product, and it saves only if its "
        "partial sums are shared.",
    ),
    Lesson(
        "asymmetric",
        "Asymmetric: column, then row",
        "Split the kernel along height and width; a rank says how many middle channels that takes.",
        "With zero padding and nothing between its two filters, the pair represents a kernel "
        "exactly if that rank is at most the number of middle channels. "
        "It is cheaper than the standard layer only if it has few enough of them.",
    ),
    Lesson(
        "depthwise-separable",
        "Depthwise separable: space, then channels",
        "Filter each channel on its own, then mix: the share of the cost is one over the output "
        "channels plus one over the taps.",
        "With zero padding and nothing between the stages, it represents a kernel exactly if, "
        "for each input channel, all output channels use the same filter up to a factor. The "
        "filter itself need not be a column times a row: that is the difference from an "
        "asymmetric pair.",
    ),
    Lesson(
        "channels",
        "Several channels, and why the order matters",
        "Column first or row first is the same with one channel; with several it can be one middle "
        "channel against nine.",
        "Each order asks for the rank of a matrix, and with several channels these are two "
        "different matrices of the same numbers. So work out both ranks before you choose the "
        "order.",
    ),
    Lesson(
        "same",
        "Are they the same?",
        "No. On this map of the families every region contains a kernel, and that proves it.",
        "Asymmetric pairs split the kernel along height and width, depthwise separable layers "
        "split it into space and channels. With enough middle channels, a pair represents every "
        "depthwise separable kernel; at some sizes one contains the other.",
    ),
    Lesson(
        "counting",
        "Counting, and why tools disagree",
        "Parameters, multiply–accumulates and FLOPs of one layer, under every convention you meet.",
        "Tools differ in whether a multiply–accumulate is one operation or two, and in whether "
        "biases and products with padding count. Two numbers can be compared only if both "
        "follow one convention.",
    ),
    Lesson(
        "where-equality-breaks",
        "Where equality breaks",
        "Padding, bias, an activation or a stride between the stages can make pipelines differ.",
        "With zero padding and nothing between them, the stages are the one convolution "
        "everywhere, if each filter keeps the stride of its own axis. What is put between them "
        "breaks this in its own way each time, and some of it can be repaired exactly.",
    ),
    Lesson(
        "speed",
        "Why fewer FLOPs is not faster",
        "A layer waits for its memory: how many bytes the operations move counts as well.",
        "A stage with few operations for each byte waits for its memory, and then fewer "
        "operations save no time. So whether a design is faster depends on the machine: on how "
        "many operations it can do for each byte that it moves.",
    ),
    Lesson(
        "stacking",
        "Stacking small kernels",
        "Two small convolutions in a row are one larger one: kernels multiply like polynomials.",
        "This holds away from the border, and with nothing between the layers. A stack sees as "
        "many pixels as the larger kernel, but with one channel throughout it represents fewer "
        "functions.",
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
