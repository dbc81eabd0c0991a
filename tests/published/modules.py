"""The published networks as modules of PyTorch, written from their papers and from torchvision."""

from itertools import pairwise

from tests.tools import package

torch = package("torch")
nn, pad = torch.nn, torch.nn.functional.pad


class Sum(nn.Module):
    """What a branch makes of its input, and the input or what a shortcut makes of it."""

    def __init__(self, branch, shortcut=None):
        super().__init__()
        self.branch, self.shortcut = branch, shortcut or nn.Identity()

    def forward(self, x):
        return self.branch(x) + self.shortcut(x)


class Side(nn.Module):
    """Branches side by side."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


class Aside(nn.Module):
    """The input, after a branch has made something of it that ends there."""

    def __init__(self, branch):
        super().__init__()
        self.branch = branch

    def forward(self, x):
        self.branch(x)
        return x


class Gate(nn.Module):
    """The input times what a branch makes of it."""

    def __init__(self, branch):
        super().__init__()
        self.branch = branch

    def forward(self, x):
        return x * self.branch(x)


class Padded(nn.Module):
    """Padding of TensorFlow: the least for an output of each stride-th pixel."""

    def __init__(self, layer, kernel, stride):
        super().__init__()
        self.layer, self.kernel, self.stride = layer, kernel, stride

    def forward(self, x):
        pads = []
        for side in reversed(x.shape[2:]):
            total = max(0, (-(-side // self.stride) - 1) * self.stride + self.kernel - side)
            pads += [total // 2, total - total // 2]
        return self.layer(pad(x, pads))


def tf(read, written, kernel, stride=1, groups=1):
    conv = nn.Conv2d(read, written, kernel, stride, groups=groups, bias=False)
    return Padded(conv, kernel, stride)


def unit(conv, channels, act=nn.ReLU):
    return nn.Sequential(conv, nn.BatchNorm2d(channels), *([act()] if act else []))


def head(channels, classes=1000):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


def mobilenet_v1(alpha=1.0, full=False):
    w = [int(alpha * c) for c in (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512)]
    w += [int(alpha * 1024)] * 2
    found = [unit(tf(3, w[0], 3, 2), w[0])]
    for number, (read, written) in enumerate(pairwise(w)):
        stride = 2 if number in (1, 3, 5, 11) else 1
        if full:
            found.append(unit(tf(read, written, 3, stride), written))
        else:
            found.append(unit(tf(read, read, 3, stride, read), read))
            found.append(unit(tf(read, written, 1), written))
    return nn.Sequential(*found, head(w[-1])), (3, 224, 224)


def eight(v):
    new = max(8, int(v + 4) // 8 * 8)
    return new + 8 if new < 0.9 * v else new


def mobilenet_v2(alpha=1.0):
    read = eight(32 * alpha)
    found = [unit(tf(3, read, 3, 2), read, nn.ReLU6)]
    settings = [1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1]
    for t, c, n, s in (*settings, [6, 160, 3, 2], [6, 320, 1, 1]):
        written = eight(c * alpha)
        for turn in range(n):
            stride, wide = s if turn == 0 else 1, read * t
            layers = [unit(tf(read, wide, 1), wide, nn.ReLU6)] if t > 1 else []
            layers.append(unit(tf(wide, wide, 3, stride, wide), wide, nn.ReLU6))
            layers.append(unit(tf(wide, written, 1), written, None))
            branch = nn.Sequential(*layers)
            found.append(Sum(branch) if stride == 1 and read == written else branch)
            read = written
    last = eight(1280 * max(1.0, alpha))
    found.append(unit(tf(read, last, 1), last, nn.ReLU6))
    return nn.Sequential(*found, head(last)), (3, 224, 224)


def vgg_16(separable=False):
    found, read = [], 3
    for times, written in ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)):
        for _ in range(times):
            if separable:
                found.append(nn.Conv2d(read, read, 3, padding=1, groups=read, bias=False))
                found.append(nn.Conv2d(read, written, 1, bias=False))
            else:
                found.append(nn.Conv2d(read, written, 3, padding=1))
            found.append(nn.ReLU())
            read = written
        found.append(nn.MaxPool2d(2))
    found += [nn.Flatten(), nn.Linear(512 * 49, 4096), nn.Linear(4096, 4096)]
    return nn.Sequential(*found, nn.Linear(4096, 1000)), (3, 224, 224)


def resnet_50(early=False):
    found = [unit(nn.Conv2d(3, 64, 7, 2, 3, bias=False), 64), nn.MaxPool2d(3, 2, 1)]
    read = 64
    for width, times, stage in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for turn in range(times):
            s = stage if turn == 0 else 1
            first, second = (s, 1) if early else (1, s)
            branch = nn.Sequential(
                unit(nn.Conv2d(read, width, 1, first, bias=False), width),
                unit(nn.Conv2d(width, width, 3, second, 1, bias=False), width),
                unit(nn.Conv2d(width, 4 * width, 1, bias=False), 4 * width, None),
            )
            shortcut = unit(nn.Conv2d(read, 4 * width, 1, s, bias=False), 4 * width, None)
            found += [Sum(branch, shortcut if turn == 0 else None), nn.ReLU()]
            read = 4 * width
    return nn.Sequential(*found, head(2048)), (3, 224, 224)


def basic(read, written, kernel, stride=1, padding=0):
    return unit(nn.Conv2d(read, written, kernel, stride, padding, bias=False), written)


def inception_a(c, pool):
    return Side(
        basic(c, 64, 1),
        nn.Sequential(basic(c, 48, 1), basic(48, 64, 5, padding=2)),
        nn.Sequential(basic(c, 64, 1), basic(64, 96, 3, padding=1), basic(96, 96, 3, padding=1)),
        nn.Sequential(nn.AvgPool2d(3, 1, 1), basic(c, pool, 1)),
    )


def wide(read, written):
    return basic(read, written, (1, 7), padding=(0, 3))


def high(read, written):
    return basic(read, written, (7, 1), padding=(3, 0))


def inception_c(c7):
    return Side(
        basic(768, 192, 1),
        nn.Sequential(basic(768, c7, 1), wide(c7, c7), high(c7, 192)),
        nn.Sequential(basic(768, c7, 1), high(c7, c7), wide(c7, c7), high(c7, c7), wide(c7, 192)),
        nn.Sequential(nn.AvgPool2d(3, 1, 1), basic(768, 192, 1)),
    )


def inception_e(c):
    def pair():
        return Side(
            basic(384, 384, (1, 3), padding=(0, 1)), basic(384, 384, (3, 1), padding=(1, 0))
        )

    return Side(
        basic(c, 320, 1),
        nn.Sequential(basic(c, 384, 1), pair()),
        nn.Sequential(basic(c, 448, 1), basic(448, 384, 3, padding=1), pair()),
        nn.Sequential(nn.AvgPool2d(3, 1, 1), basic(c, 192, 1)),
    )


def inception_v3(auxiliary=False):
    reduction_a = Side(
        basic(288, 384, 3, 2),
        nn.Sequential(basic(288, 64, 1), basic(64, 96, 3, padding=1), basic(96, 96, 3, 2)),
        nn.MaxPool2d(3, 2),
    )
    reduction_b = Side(
        nn.Sequential(basic(768, 192, 1), basic(192, 320, 3, 2)),
        nn.Sequential(basic(768, 192, 1), wide(192, 192), high(192, 192), basic(192, 192, 3, 2)),
        nn.MaxPool2d(3, 2),
    )
    aside = nn.Sequential(nn.AvgPool2d(5, 3), basic(768, 128, 1), basic(128, 768, 5), head(768))
    return nn.Sequential(
        basic(3, 32, 3, 2),
        basic(32, 32, 3),
        basic(32, 64, 3, padding=1),
        nn.MaxPool2d(3, 2),
        basic(64, 80, 1),
        basic(80, 192, 3),
        nn.MaxPool2d(3, 2),
        *(inception_a(c, pool) for c, pool in ((192, 32), (256, 64), (288, 64))),
        reduction_a,
        *map(inception_c, (128, 160, 160, 192)),
        *([Aside(aside)] if auxiliary else []),
        reduction_b,
        *map(inception_e, (1280, 2048)),
        head(2048),
    ), (3, 299, 299)


def separable(read, written):
    layers = tf(read, read, 3, groups=read), tf(read, written, 1), nn.BatchNorm2d(written)
    return nn.Sequential(*layers)


def xception():
    def shrinking(read, first, written, start=True):
        branch = nn.Sequential(
            *([nn.ReLU()] if start else []),
            separable(read, first),
            nn.ReLU(),
            separable(first, written),
            Padded(nn.MaxPool2d(3, 2), 3, 2),
        )
        return Sum(branch, unit(tf(read, written, 1, 2), written, None))

    def middle():
        return Sum(nn.Sequential(*[x for _ in range(3) for x in (nn.ReLU(), separable(728, 728))]))

    return nn.Sequential(
        basic(3, 32, 3, 2),
        basic(32, 64, 3),
        shrinking(64, 128, 128, start=False),
        shrinking(128, 256, 256),
        shrinking(256, 728, 728),
        *(middle() for _ in range(8)),
        shrinking(728, 728, 1024),
        separable(1024, 1536),
        nn.ReLU(),
        separable(1536, 2048),
        nn.ReLU(),
        head(2048),
    ), (3, 299, 299)


def erfnet(classes):
    def down(read, written):
        pair = Side(nn.Conv2d(read, written - read, 3, 2, 1), nn.MaxPool2d(2))
        return nn.Sequential(pair, nn.BatchNorm2d(written), nn.ReLU())

    def block(c, d=1):
        return nn.Sequential(
            Sum(
                nn.Sequential(
                    nn.Conv2d(c, c, (3, 1), padding=(1, 0)),
                    nn.Conv2d(c, c, (1, 3), padding=(0, 1)),
                    nn.BatchNorm2d(c),
                    nn.Conv2d(c, c, (3, 1), padding=(d, 0), dilation=(d, 1)),
                    nn.Conv2d(c, c, (1, 3), padding=(0, d), dilation=(1, d)),
                    nn.BatchNorm2d(c),
                )
            ),
            nn.ReLU(),
        )

    def up(read, written):
        return unit(nn.ConvTranspose2d(read, written, 3, 2, 1, 1), written)

    return nn.Sequential(
        down(3, 16),
        down(16, 64),
        *(block(64) for _ in range(5)),
        down(64, 128),
        *(block(128, d) for d in (2, 4, 8, 16) * 2),
        up(128, 64),
        *(block(64) for _ in range(2)),
        up(64, 16),
        *(block(16) for _ in range(2)),
        nn.ConvTranspose2d(16, classes, 2, 2),
    ), (3, 512, 1024)


def r2plus1d_18(by_rule):
    def space(read, mid, stride=1, kernel=3):
        size, margin = (1, kernel, kernel), (0, kernel // 2, kernel // 2)
        conv = nn.Conv3d(read, mid, size, (1, stride, stride), margin, bias=False)
        return nn.Sequential(conv, nn.BatchNorm3d(mid), nn.ReLU())

    def time(mid, written, stride=1):
        conv = nn.Conv3d(mid, written, (3, 1, 1), (stride, 1, 1), (1, 0, 0), bias=False)
        return nn.Sequential(conv, nn.BatchNorm3d(written))

    def mid(read, written):
        return read * written * 27 // (read * 9 + 3 * written)

    def block(read, written, stride):
        one = mid(read, written)
        two = mid(written, written) if by_rule else one
        branch = nn.Sequential(
            space(read, one, stride),
            time(one, written, stride),
            nn.ReLU(),
            space(written, two),
            time(two, written),
        )
        shortcut = None
        if stride > 1:
            conv = nn.Conv3d(read, written, 1, stride, bias=False)
            shortcut = nn.Sequential(conv, nn.BatchNorm3d(written))
        return nn.Sequential(Sum(branch, shortcut), nn.ReLU())

    stem = 3 * 49 * 3 * 64 // (49 * 3 + 3 * 64) if by_rule else 45
    found, read = [space(3, stem, 2, 7), time(stem, 64), nn.ReLU()], 64
    for written, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        found += [block(read, written, stride), block(written, written, 1)]
        read = written
    end = nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(512, 400)
    return nn.Sequential(*found, *end), (3, 16, 112, 112)


def efficientnet_b0():
    def conv(read, written, kernel=1, stride=1, groups=1, act=nn.SiLU):
        layer = nn.Conv2d(read, written, kernel, stride, kernel // 2, groups=groups, bias=False)
        return unit(layer, written, act)

    def gate(channels, squeezed):
        return Gate(
            nn.Sequential(
                nn.AdaptiveAvgPool2d(1),
                nn.Conv2d(channels, squeezed, 1),
                nn.SiLU(),
                nn.Conv2d(squeezed, channels, 1),
                nn.Sigmoid(),
            )
        )

    found, read = [conv(3, 32, 3, 2)], 32
    settings = (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3)
    for t, k, s, c, n in (*settings, (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)):
        for turn in range(n):
            stride, wide_ = s if turn == 0 else 1, read * t
            layers = [conv(read, wide_)] if t > 1 else []
            layers += [conv(wide_, wide_, k, stride, wide_), gate(wide_, max(1, read // 4))]
            branch = nn.Sequential(*layers, conv(wide_, c, act=None))
            found.append(Sum(branch) if stride == 1 and read == c else branch)
            read = c
    return nn.Sequential(*found, conv(320, 1280), head(1280)), (3, 224, 224)


def segnext_strip():
    def dw(*kernel):
        return nn.Conv2d(64, 64, kernel, padding=[k // 2 for k in kernel], groups=64)

    class Strips(nn.Module):
        def __init__(self):
            super().__init__()
            self.pairs = nn.ModuleList(nn.Sequential(dw(1, k), dw(k, 1)) for k in (7, 11, 21))

        def forward(self, x):
            return x + sum(pair(x) for pair in self.pairs)

    return Gate(nn.Sequential(dw(5, 5), Strips(), nn.Conv2d(64, 64, 1))), (64, 128, 128)


MODULES = {
    ("mobilenet-v1", ""): mobilenet_v1,
    ("mobilenet-v1", "0.75"): lambda: mobilenet_v1(0.75),
    ("mobilenet-v1", "0.5"): lambda: mobilenet_v1(0.5),
    ("mobilenet-v1", "0.25"): lambda: mobilenet_v1(0.25),
    ("mobilenet-v1", "full"): lambda: mobilenet_v1(full=True),
    ("mobilenet-v2", ""): mobilenet_v2,
    ("mobilenet-v2", "1.4"): lambda: mobilenet_v2(1.4),
    ("vgg-16", ""): vgg_16,
    ("vgg-16", "depthwise-separable"): lambda: vgg_16(separable=True),
    ("resnet-50", ""): resnet_50,
    ("resnet-50", "stride on the first 1x1"): lambda: resnet_50(early=True),
    ("inception-v3", ""): inception_v3,
    ("inception-v3", "auxiliary classifier"): lambda: inception_v3(auxiliary=True),
    ("xception", ""): xception,
    ("erfnet", ""): lambda: erfnet(20),
    ("erfnet", "19 classes"): lambda: erfnet(19),
    ("r2plus1d-18", ""): lambda: r2plus1d_18(by_rule=False),
    ("r2plus1d-18", "rule of the paper"): lambda: r2plus1d_18(by_rule=True),
    ("efficientnet-b0", ""): efficientnet_b0,
    ("segnext-strip", ""): segnext_strip,
}
