"""Two models on the same random input, in ONNX Runtime: how far apart, and how long each takes."""

from collections.abc import Mapping, Sequence
from statistics import median
from time import perf_counter
from typing import Any, TYPE_CHECKING

from derive.facts.rewriting import MeasuredFacts
from derive.notation.errors import InputError
from derive.notation.words import short

if TYPE_CHECKING:
    from numpy.typing import NDArray

INSTALL = 'comparing two models needs the package onnxruntime: in a clone, pip install -e ".[onnx]"'
RUNS = 11  # of each model, taken in turn; their median is reported
SEED = 0
Sizes = Mapping[str, tuple[int, ...]]


def runtime() -> Any:
    """The package onnxruntime; InputError with the line that installs it."""
    try:
        import onnxruntime
    except ImportError:
        raise InputError(INSTALL) from None
    return onnxruntime


def measured(old: str | bytes, new: bytes, sizes: Sizes) -> MeasuredFacts:
    """How a new model differs from an old one, which is a path or the bytes of a file.

    ``sizes`` are those of the inputs. Raises InputError, one line, if the runtime is not installed
    or does not run one of them.
    """
    ort = runtime()
    before, after = _session(ort, old, "the model"), _session(ort, new, "the rewritten model")
    given = _inputs(before, sizes)
    first = _run(before, given, "the model"), _run(after, given, "the rewritten model")
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        for session, taken in zip((before, after), times, strict=True):
            start = perf_counter()
            session.run(None, given)
            taken.append(perf_counter() - start)
    return MeasuredFacts(
        difference=max(map(_apart, *first), default=0.0),
        seconds_before=median(times[0]),
        seconds_after=median(times[1]),
        runs=RUNS,
        runtime=f"ONNX Runtime {ort.__version__}",
    )


def _session(ort: Any, model: str | bytes, what: str) -> Any:
    options = ort.SessionOptions()
    options.log_severity_level = 4
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime has many
        raise InputError(f"ONNX Runtime does not open {what}: {_line(error)}") from None


def _run(session: Any, given: "Mapping[str, NDArray[Any]]", what: str) -> Sequence[Any]:
    try:
        found: Sequence[Any] = session.run(None, dict(given))
    except Exception as error:  # the runtime has many
        raise InputError(f"ONNX Runtime does not run {what}: {_line(error)}") from None
    return found


def _line(error: Exception) -> str:
    return short(" ".join(str(error).split()) or type(error).__name__)


def _inputs(session: Any, sizes: Sizes) -> "dict[str, NDArray[Any]]":
    """Random numbers for floating-point inputs, and zeros for all others."""
    import numpy as np

    random = np.random.default_rng(SEED)
    found = {}
    for one in session.get_inputs():
        kind = {"double": "float64", "float": "float32"}.get(word := one.type[7:-1], word)
        shape = sizes.get(one.name) or tuple(n if isinstance(n, int) else 1 for n in one.shape)
        normal = kind.startswith("float")
        numbers = random.standard_normal(shape) if normal else np.zeros(shape)
        found[one.name] = numbers.astype("bool" if kind == "bool" else kind)
    return found


def _apart(old: Any, new: Any) -> float:
    """The norm of the difference over the norm of the old; 0 for what is no numbers."""
    import numpy as np

    if not isinstance(old, np.ndarray) or not np.issubdtype(old.dtype, np.floating):
        return 0.0
    one, other = (array.astype(np.float64) for array in (old, new))
    if one.shape != other.shape:
        return float("inf")
    whole = float(np.linalg.norm(one))
    gap = float(np.linalg.norm(one - other))
    return gap / whole if whole else gap
