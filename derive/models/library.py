"""The published networks of the folder, by id, title or another name."""

from dataclasses import dataclass

from derive.catalogue import BOOK
from derive.models.model import Model
from derive.models.network import network_model
from derive.notation.errors import InputError
from derive.notation.leaf import described, Leaf, LeafFolder, Library, need_title
from derive.notation.names import suggestion
from derive.notation.network import Network
from derive.notation.words import short


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


class Networks(Library[NetworkEntry]):
    """Network ids to networks, read from the folder.

    A title or another name is looked up like an id, and so is the path of a file such as ./mine.py,
    whose Python is run. Raises UnknownNameError for a name that no network has, and LeafError for a
    file that cannot be read.

    >>> NETWORKS["MobileNet v1"].name
    'mobilenet-v1'
    """

    def read(self, leaf: Leaf) -> NetworkEntry:
        """The network of a file; LeafError if its docstring or its layers are missing."""
        module = leaf.module()
        need_title(leaf, module)
        if not isinstance(network := getattr(module, "network", None), Network):
            right = "a network needs network = Network(layers)"
            raise leaf.wrong(right, leaf.line_of("network"))
        return NetworkEntry(leaf.name, *described(module.__doc__), network)


NETWORKS = Networks(LeafFolder("network", BOOK / "networks", "derive.networks"))
