"""The words of a layer on the command line and in the page: what both accept, refuse and say."""

import random

import pytest
from click.testing import CliRunner

import derive
from derive.cli import cli
from derive.cli.layer import read as layer_of
from derive.facts import layer_facts
from derive.notation.errors import InputError
from derive.notation.fields import BLANKS, FIELDS, Kind, SEPARATORS, YES
from derive.parse.choices import read_numbers, read_ranks
from derive.parse.layer import read_fields
from derive.render.layer_code import layer_code
from derive.render.values import json_values
from tests.site.test_formulas_js import folder as folder
from tests.site.test_formulas_js import node

RUN = """
import { readChoices, readLayer } from "./read-layer.js";
import { readFileSync } from "node:fs";
const big = (_, value) => (typeof value === "bigint" ? { big: String(value) } : value);
const answers = JSON.parse(readFileSync(0, "utf-8")).map((words) => {
  const { layer, errors } = readLayer(words), choices = readChoices(words);
  const first = Object.values({ ...errors, ...choices.errors })[0];
  return first === undefined ? { layer, ...choices } : { error: first };
});
process.stdout.write(JSON.stringify(answers, big));
"""
COUNT = 500
NOISE = [*"xX×*:,;=+-.0123456789eE_ \t\n'\"<>&{}[]%", *BLANKS, "３", "²", "\u202e", "é", "😀", "\0"]
WORDS = (
    "",
    "same",
    "same-upper",
    "Same-Lower",
    "out",
    "valid",
    "yes",
    "maybe",
    "last",
    "-0",
    "+3",
    "0080",
    "1e3",
    "9" * 60,
    "1000000001",
    "x",
)


def written(rng, field):
    """A text of the grammar for a field, mostly of a layer that can be."""

    def number():
        most = {"groups": 3, "stride": 4, "dilation": 3, "axes": 3, "output_padding": 2}
        return str(rng.randint(field.least, most.get(field.name, rng.choice([4, 9, 300]))))

    def sides(part):
        sign = rng.choice([*SEPARATORS, *SEPARATORS.upper(), " x ", " × "])
        return sign.join(part() for _ in range(rng.choice([1, 1, 2, 2, 2, 3])))

    def margin():
        return f"{number()}:{number()}" if rng.random() < 0.4 else number()

    match field.kind:
        case Kind.IMAGE | Kind.SIZES:
            return sides(number)
        case Kind.PADDING:
            ends = ["same", "SAME", "Valid", " valid ", "same-upper", "Same-LOWER"]
            return rng.choice([*ends, *(sides(margin) for _ in range(3))])
        case Kind.NUMBER:
            return "" if field.name == "axes" and rng.random() < 0.7 else number()
        case Kind.YES:
            return rng.choice(["", "no", "OFF", *YES])
        case Kind.BIAS:
            return rng.choice(["last", "Last", "none", "ALL", "", "no", *YES])
        case Kind.NUMBERS:
            return rng.choice([", ", " ", ",", "; "]).join(
                rng.choice([number(), number(), "out"]) for _ in range(rng.randint(0, 3))
            )
        case Kind.RANKS:
            bonds = ",".join(f"{bond}={number()}" for bond in rng.sample("PQRTpqX", 2))
            return rng.choice(["", "3", "3, 8", bonds, f"4; {bonds}", "P=4,3"])


def noisy(rng, text):
    """A text with a few signs put in, changed or left out; or another one."""
    if rng.random() < 0.2:
        return rng.choice(WORDS)
    letters = list(text)
    for _ in range(rng.randint(1, 3)):
        at = rng.randint(0, len(letters))
        letters[at : at + rng.randint(0, 1)] = rng.choice([[], [rng.choice(NOISE)]])
    return "".join(letters)


def layers(seed, count):
    """Random words of layers: some fields each, noise in at most two of them."""
    rng = random.Random(seed)
    for _ in range(count):
        chosen = rng.sample(list(FIELDS.values()), rng.randint(1, 6))
        words = {field.name: written(rng, field) for field in chosen}
        for name in rng.sample(list(words), min(len(words), rng.choice([0, 0, 1, 2]))):
            words[name] = noisy(rng, words[name])
        yield words


def read(words):
    """What the command line makes of the words: numbers, or a sentence."""
    try:
        layer = json_values(layer_facts(read_fields(words)))
        choices = {
            "widths": list(read_numbers("middle", words.get("middle", ""), words=words)),
            "multipliers": list(read_numbers("multiplier", words.get("multiplier", ""))),
            "ranks": list(read_ranks(words.get("rank", ""))),
        }
    except InputError as error:
        return {"error": str(error)}
    return {"layer": layer, "choices": choices}


@pytest.fixture(scope="module")
def asked():
    return list(layers(14, COUNT))


def test_random_words_are_read_alike_by_command_line_and_page(folder, asked):
    answers = node(folder, RUN, asked)
    for words, answer in zip(asked, answers, strict=True):
        if "layer" in answer:
            del answer["layer"]["values"]
        assert answer == read(words), words
    refused = {answer["error"].split("'")[0] for answer in answers if "error" in answer}
    good = sum("layer" in answer for answer in answers)
    assert COUNT / 4 < good < 3 * COUNT / 4
    assert len(refused) > 60


def test_the_command_line_says_those_sentences(asked):
    said = 0
    for words in asked:
        answer = read(words)
        if "error" not in answer:
            continue
        options = []
        for name, text in words.items():
            field = FIELDS[name]
            if field.kind is not Kind.YES:
                options.append(f"{field.option}={text}")
            elif text.strip(BLANKS).lower() in YES:
                options.append(field.option)
        if "must be yes or no" in answer["error"] or any("\0" in text for text in options):
            continue  # no such words among options
        run = CliRunner().invoke(cli, ["compare", *options])
        assert isinstance(run.exception, InputError), (words, run.output)
        assert str(run.exception) == answer["error"], words
        said += 1
    assert said > COUNT / 5


def test_every_sentence_is_one_line_for_any_terminal(asked):
    for words in asked:
        sentence = read(words).get("error", "")
        assert sentence.isprintable(), words
        assert len(sentence) < 200


WRITE = """
import { pairsOf, python, pythonChoices } from "./my-layer.js";
import { command, understood } from "./read-layer.js";
import { readFileSync } from "node:fs";
const answers = JSON.parse(readFileSync(0, "utf-8")).map((words) => {
  const { layer, choices } = understood(words);
  const texts = { layer: python(layer), choices: pythonChoices(choices) };
  return { pairs: pairsOf(words), command: command(words), ...texts };
});
process.stdout.write(JSON.stringify(answers));
"""


def test_what_a_page_writes_of_a_layer_is_that_layer(folder, asked):
    good = [words for words in asked if "layer" in read(words)]
    for words, found in zip(good, node(folder, WRITE, good), strict=True):
        assert read(dict(found["pairs"])) == read(words), words
        options = cli.commands["compare"].make_context("compare", found["command"]).params
        layer, choices = layer_of(
            {name: given for name, given in options.items() if name in FIELDS}
        )
        assert json_values(layer_facts(layer)) == read(words)["layer"], words
        assert list(choices.ranks) == read(words)["choices"]["ranks"], words
        made = eval(found["layer"], {"derive": derive})
        assert layer_facts(made) == layer_facts(layer), found
        assert found["layer"] == layer_code(layer)
        given = eval(f"dict(layer=0{found['choices']})", {})
        assert given.get("middle", []) == list(choices.widths)
        assert given.get("rank", []) == list(choices.ranks)


@pytest.mark.parametrize(
    ("words", "image"),
    [
        ({"image": "224"}, [224, 224]),
        ({"image": "3×5"}, [3, 5]),
        ({"image": "128X128", "padding": "SAME"}, [128, 128]),
        ({"image": "9", "axes": "1"}, [9]),
        ({"image": "9", "axes": "3"}, [9, 9, 9]),
        ({"kernel": "1025", "image": "2000"}, [2000, 2000]),
    ],
)
def test_words_that_one_side_refused(folder, words, image):
    (answer,) = node(folder, RUN, [words])
    assert answer["layer"]["image"] == image == read(words)["layer"]["image"]
