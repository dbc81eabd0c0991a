"""Pipeline: cross-checks by literal loops and grids of cases."""

from derive import oracle
from derive.catalogue import FAMILIES
from derive.proof.language import *
from derive.theorems import pipeline as theorem


def checks() -> Proof:
    yield "A blank image of two channels framed with ones, all layers of one tap: in two stages the frame stays as it is in one exactly if the weights of the first add up to 1."
    yield Decides(
        (theorem.fills,),
        lambda a, b: (
            weighted(theorem.framed({(0,): 0}), a, b) == theorem.framed(weighted({(0,): 0}, a, b))
        ),
        Grid(a=range(-1, 3), b=range(-1, 3)),
        measured=lambda a, b: {C_in: 2, k_h: 1, theorem.A[j, 0, 0]: a, theorem.A[j, 1, 0]: b},
    )
    yield Establishes(theorem.fills)
    yield "Literal loops agree for random layers with unequal padding, stride and dilation, also in the max-plus semiring."
    yield Agree(
        lambda **layer: looped(**layer)[0],
        lambda **layer: looped(**layer)[1],
        CaseList(
            "every family of one branch on two axes, integers and max-plus, 3 small layers each",
            layers,
        ),
        CaseList(
            "every family of one branch on two axes, integers and max-plus, 40 small layers each",
            lambda: layers(40),
        ),
    )


def weighted(image: oracle.Tensor, *weights: int) -> oracle.Tensor:
    """Equal channels, each with a weight of one tap, added up."""
    axis = oracle.Axis(len(image), 1)
    runs = [oracle.filtered([weight], image, axis) for weight in weights]
    return oracle.add(*runs).output


def layers(count: int = 3) -> Iterator[dict[str, Any]]:
    """Random small layers for every family of one branch, over integers and max-plus numbers."""
    random = Random(1)
    for name, entry in FAMILIES.items():
        if entry.family.branches == ((1, entry.family),) and len(entry.directions) == 2:
            for _ in range(count):
                seed = random.randrange(10**6)
                yield from (
                    {"name": name, "seed": seed, "tropical": flag} for flag in (False, True)
                )


def looped(name: str, seed: int, tropical: bool) -> tuple[Any, Any]:
    """Pipeline and one convolution of a family on a small layer, by loops."""
    random, ((_, family),) = Random(seed), FAMILIES[name].family.branches
    axes = {
        x.name: oracle.Axis(
            random.randint(2, 4),
            random.choice((1, 3)),
            *map(random.randint, (1, 1, 0, 0), (2, 2, 2, 2)),
        )
        for x in family.axes
    }
    sizes = {x.name: random.randint(1, 2) for x in (*family.letters, *family.outputs)}
    sizes |= {tap: axis.kernel for tap, axis in axes.items()}

    def tensor(*extents: int) -> dict[tuple[int, ...], Any]:
        numbers = oracle.drawn(random, *extents, largest=4)
        return {at: oracle.Tropical(x) if tropical else x for at, x in numbers.items()}

    inputs, outputs, taps = map(oracle.word, (family.inputs, family.outputs, family.axes))
    image = tensor(*(sizes[x] for x in inputs), *(axis.size for axis in axes.values()))
    factors = [
        (w, tensor(*(sizes[x] for x in w)))
        for w in (oracle.word(f.indices) for f in family.factors)
    ]
    run = oracle.pipeline(factors, image, inputs, outputs, sizes, axes)
    kernel = oracle.contract(factors, inputs, outputs, taps, sizes)
    once = oracle.convolve(kernel, image, inputs, outputs, taps, sizes, axes)
    number: Any = oracle.Tropical.of if tropical else int
    return tuple(map(number, run.values)), tuple(map(number, once.values))
