"""What a user wants counted: a published network by name, a file of ONNX, or a list of layers."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from derive.models.model import Model
from derive.notation.errors import InputError
from derive.notation.words import short

if TYPE_CHECKING:
    from derive.models.library import NetworkEntry

LISTS = (".csv", ".tsv", ".txt")
OTHERS = {
    **dict.fromkeys((".pt", ".pth", ".ckpt", ".bin", ".pkl"), "a file of PyTorch holds Python"),
    **dict.fromkeys((".h5", ".keras", ".pb", ".tflite"), "files of TensorFlow are not read"),
    ".safetensors": "a file of weights alone does not say how its layers follow one another",
}
LARGEST = 10**6  # bytes of a list of layers
FORMS = "give the name of a network, a file .onnx, or a list of layers .csv or .txt"


@dataclass(frozen=True)
class Named:
    """A published network, the form of it, and the size of its image."""

    entry: "NetworkEntry"
    variant: str
    size: str


def read_source(
    text: str, sizes: Sequence[str] = (), variant: str = "", *, weights: bool = False
) -> Model | Named:
    """A model from a file or from standard input ("-"), or a published network.

    Raises InputError, in one line, for anything else.

    >>> read_source("MobileNet v1", ["128"]).entry.name
    'mobilenet-v1'
    """
    suffix, path = Path(text).suffix.lower(), Path(text)
    if text == "-":
        return _list("standard input", sys.stdin.buffer.read(LARGEST + 1), sizes, variant)
    if suffix == ".onnx":
        from derive.models.onnx import read_onnx  # the readers of other sources are left unread

        _alone(variant)
        return read_onnx(path, sizes, weights=weights)
    if suffix in LISTS:
        return _list(path.name, _read(path), sizes, variant)
    if suffix in OTHERS:
        raise InputError(f"{short(path.name)}: {OTHERS[suffix]}: export the model to ONNX")
    if "/" in text and suffix != ".py":
        raise InputError(f"{short(text)} is no model: {FORMS}")
    from derive.models.library import NETWORKS

    return Named(NETWORKS[text], variant, _one(sizes))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"{short(path.name)} cannot be read: {error.strerror}") from None


def _list(name: str, data: bytes, sizes: Sequence[str], variant: str) -> Model:
    """A list of layers; InputError with the name of the file and the line that is wrong."""
    _alone(variant)
    if len(data) > LARGEST:
        raise InputError(f"{short(name)} has more than {LARGEST:,} bytes: it is no list of layers")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{short(name)} is no text in UTF-8: {FORMS}") from None
    from derive.models.network import network_model

    try:
        return network_model(name, text, _one(sizes))
    except InputError as error:
        raise InputError(f"{short(name)}: {error}") from None


def _alone(variant: str) -> None:
    if variant:
        raise InputError("--variant is of published networks: derive list networks has them")


def _one(sizes: Sequence[str]) -> str:
    """The only size; InputError for several, or for one with a name."""
    if len(sizes) > 1:
        raise InputError("--size is given twice: a network has one image")
    return sizes[0].removeprefix("image=") if sizes else ""
