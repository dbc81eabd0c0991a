"""One spatial axis in numbers: its windows, and where each of their taps lies."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """One spatial axis: H pixels, k taps, stride s, dilation d, padding p- before and p+ after.

    Raises ValueError if k, s or d is below 1, or if H, p- or p+ is below 0.

    >>> Axis(size=7, kernel=3, stride=2, before=1).outputs
    3
    """

    size: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0

    def __post_init__(self) -> None:
        positive = min(self.kernel, self.stride, self.dilation)
        if positive < 1 or min(self.size, self.before, self.after) < 0:
            raise ValueError(f"not an axis: {self}")

    @property
    def outputs(self) -> int:
        """N = max(0, floor((H + p- + p+ - d(k-1) - 1) / s) + 1)."""
        room = self.size + self.before + self.after - self.dilation * (self.kernel - 1) - 1
        return max(0, room // self.stride + 1)

    @classmethod
    def named(
        cls,
        *,
        k: int,
        H: int | None = None,
        W: int | None = None,
        s: int = 1,
        d: int = 1,
        p: int = 0,
        before: int | None = None,
        beyond: int | None = None,
    ) -> "Axis":
        """The axis whose numbers have the names of a theorem: p is the padding where one side has
        none of its own. Raises ValueError unless it has one size, H or W.

        >>> Axis.named(H=7, k=3, s=2, p=1, beyond=0)
        Axis(size=7, kernel=3, stride=2, dilation=1, before=1, after=0)
        """
        sizes = [number for number in (H, W) if number is not None]
        if len(sizes) != 1:
            raise ValueError(f"an axis has one size: H = {H}, W = {W}")
        return cls(
            sizes[0], k, s, d, p if before is None else before, p if beyond is None else beyond
        )

    @property
    def unpadded(self) -> "Axis":
        """The windows of the axis on the padded image, as an image of its own.

        >>> Axis(size=5, kernel=3, before=1, after=2).unpadded
        Axis(size=8, kernel=3, stride=1, dilation=1, before=0, after=0)
        """
        size = self.size + self.before + self.after
        return Axis(size, self.kernel, self.stride, self.dilation)

    def at(self, y: int, u: int) -> int:
        """s y + d u - p-."""
        return self.stride * y + self.dilation * u - self.before

    def on_image(self, y: int, u: int) -> bool:
        """Whether window y lays tap u on the image, 0 <= s y + d u - p- < H.

        >>> [Axis(size=2, kernel=3, before=1).on_image(0, u) for u in range(3)]
        [False, True, True]
        """
        return 0 <= self.at(y, u) < self.size


def pixels_read(axis: Axis, transposed: bool = False) -> list[list[int]]:
    """For each output of an image without end the pixels that it reads, seen from that output.

    One output stands for all of a convolution, ``stride`` outputs for all of a transposed one,
    which at stride s repeats itself every s outputs. Padding moves all and changes none.

    >>> pixels_read(Axis(size=1, kernel=3, dilation=2))
    [[0, 2, 4]]
    >>> pixels_read(Axis(size=1, kernel=4, stride=2), transposed=True)
    [[-1, 0], [-1, 0]]
    """
    taps = range(axis.kernel)
    if not transposed:
        return [sorted(axis.at(0, u) + axis.before for u in taps)]
    far = axis.dilation * axis.kernel  # further back no pixel reaches the first s outputs
    return [
        sorted(a for a in range(-far, far + 1) for u in taps if axis.at(a, u) + axis.before == y)
        for y in range(axis.stride)
    ]


def taps_in_bounds(axis: Axis) -> int:
    """T = #{(y, u) : 0 <= s y + d u - p- < H} for an axis.

    >>> taps_in_bounds(Axis(size=12, kernel=3, before=1, after=1))
    34
    """
    return sum(axis.on_image(y, u) for y in range(axis.outputs) for u in range(axis.kernel))
