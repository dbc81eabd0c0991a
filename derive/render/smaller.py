"""A smaller model, written: the layers of a plan replaced, checked and compared with the old."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from derive.code.measured import measured, runtime
from derive.code.rewrite import rewritten
from derive.facts.rewriting import RewritingFacts
from derive.facts.suggestion import Candidate, chosen
from derive.models.onnx_file import open_onnx
from derive.notation.errors import CheckError, InputError
from derive.notation.words import short
from derive.parse.budget import Budget
from derive.render.files import write_file

if TYPE_CHECKING:
    from onnx import ModelProto


def write_smaller(
    source: str,
    target: Path,
    found: Sequence[Candidate],
    budget: Budget,
    sizes: Sequence[str] = (),
    started: Callable[[str], None] = lambda name: None,
) -> RewritingFacts:
    """Writes a file of ONNX with the layers replaced that a budget chooses, and says how the model
    compares with the old one on random input.

    Raises InputError, in one line, for a file that is not of ONNX, for a target that exists, if a
    package is not installed, and for a budget that replaces nothing; CheckError if the new model
    does not pass the checker of ONNX, in which case nothing is written.
    """
    writable(source, target)
    file = open_onnx(source, sizes)
    layers = chosen(found, budget)
    if not layers:
        raise InputError(f"the plan replaces no layer of {short(source)}: allow a larger error")
    model, replaced, left = rewritten(file, layers, started)
    _checked(model)
    data = model.SerializeToString()
    compared = measured(str(source), data, file.inputs)
    write_file(target, data, overwrite=False)
    before = sum(path.stat().st_size for path in _files(file.path, file.model))
    return RewritingFacts(str(target), replaced, left, len(data), before, compared)


def writable(source: str, target: Path) -> None:
    """Refuse what could not be written, before anything is worked out.

    Raises InputError, one line, for a source that is no file of ONNX and a target that exists.
    """
    if Path(source).suffix.lower() != ".onnx":
        raise InputError(f"{short(source)} is no file of ONNX, and only these can be rewritten")
    if target.exists():
        raise InputError(f"{short(str(target), 200)} exists: a model is never overwritten")
    runtime()


def _checked(model: "ModelProto") -> None:
    from onnx import checker

    try:
        checker.check_model(model, full_check=True)
    except Exception as error:  # the checker has several, all with a text
        reason = short(" ".join(str(error).split()))
        raise CheckError(f"the rewritten model does not pass the checker: {reason}") from None


def _files(path: Path, model: "ModelProto") -> set[Path]:
    """The file of a model, and those that hold its weights next to it."""
    from onnx.external_data_helper import ExternalDataInfo, uses_external_data

    held = (one for one in model.graph.initializer if uses_external_data(one))
    return {path, *(path.parent / ExternalDataInfo(one).location for one in held)}
