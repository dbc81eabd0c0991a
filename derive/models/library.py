"""The published networks of the folder, by id, title or another name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from derive.models.model import Model
from derive.models.network import network_model
from derive.notation.errors import InputError
from derive.notation.leaf import described, Leaf, LeafError, leaves, need_title, outside, readable
from derive.notation.names import resolve, suggestion
from derive.notation.network import Network
from derive.notation.words import short

FOLDER = Path(__file__).parents[1] / "networks"


@dataclass(frozen=True)
class NetworkEntry:
    """A published network: its words, and its layers as text."""

    name: str
    title: str
    summary: str
    prose: tuple[str, ...]
    aliases: tuple[str, ...]
    sources: tuple[str, ...]
    network: Network

    def model(self, variant: str = "", size: str = "") -> Model:
        """The layers of a form of the network on an image.

        Raises InputError, in one line, for a form that there is not and for an image that does not
        fit.

        >>> NETWORKS["mobilenet-v1"].model(size="128").layers[0].layer.axes[0].input
        128
        """
        if variant and variant not in self.network.variants:
            known = self.network.variants
            hint = suggestion(variant, list(known)) if known else "it has one form only"
            raise InputError(f"{self.title} has no variant {short(variant)}; {hint}")
        name = f"{self.name} {variant}" if variant else self.name
        try:
            return network_model(name, self.network.text(variant), size)
        except InputError as error:
            raise InputError(f"{self.name}: {error}") from None


class Networks(Mapping[str, NetworkEntry]):
    """Network ids to networks, read from the folder.

    A title or another name is looked up like an id, and so is the path of a file such as ./mine.py,
    whose Python is run. Raises UnknownNameError for a name that no network has, and LeafError for a
    file that cannot be read.

    >>> NETWORKS["MobileNet v1"].name
    'mobilenet-v1'
    """

    def __getitem__(self, name: str) -> NetworkEntry:
        return _entry(network_id(name))

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(_found()[0]))

    def __len__(self) -> int:
        return len(_found()[0])

    @property
    def broken(self) -> tuple[LeafError, ...]:
        """What is wrong with files that cannot be read."""
        return _found()[1]


NETWORKS = Networks()


def network_id(text: str) -> str:
    """The id of the network that a text names, or the path of a file that is not in the book.

    Raises UnknownNameError for a name that no network has, and InputError if there is no file.
    """
    leaf = outside(text)
    if leaf:
        return leaf.name if leaf.path.parent == FOLDER.resolve() else str(leaf.path)
    return resolve("network", text, {name: one.names for name, one in _leaves().items()})


@cache
def _leaves() -> dict[str, Leaf]:
    return {leaf.name: leaf for leaf in leaves(FOLDER, "derive.networks")}


@cache
def _found() -> tuple[dict[str, NetworkEntry], tuple[LeafError, ...]]:
    return readable(_leaves(), _entry)


@cache
def _entry(name: str) -> NetworkEntry:
    """The network of a file; LeafError if its docstring or its layers are missing."""
    leaf = _leaves().get(name) or Leaf(Path(name))
    module = leaf.module()
    need_title(leaf, module)
    if not isinstance(network := getattr(module, "network", None), Network):
        raise leaf.wrong("a network needs network = Network(layers)", leaf.line_of("network"))
    return NetworkEntry(leaf.name, *described(module.__doc__), network)
