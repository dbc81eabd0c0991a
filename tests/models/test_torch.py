"""derive count --torch: modules against PyTorch's own counter, functional layers, bad input."""

import json
import sys

import pytest

from derive.facts.model import model_facts
from derive.models.network import network_model
from derive.models.pytorch import INSTALL, read_torch
from derive.notation.errors import InputError
from tests.cli.conftest import derive as derive
from tests.tools import package

torch = package("torch")

SOURCE = """
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, (3, 4), padding="same", bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.up = nn.ConvTranspose2d(8, 6, 4, 2, 1, output_padding=1, groups=2, dilation=(1, 2))
        self.taps = nn.Parameter(torch.randn(12, 1, 3, 5))
        self.line = nn.Conv1d(12, 4, 3, stride=2, dilation=2, padding=2)
        self.head = nn.Linear(4, 10)
        self.mix = nn.Parameter(torch.randn(10, 7))

    def forward(self, x):
        x = self.up(F.relu(self.norm(self.stem(x))))
        x = F.conv2d(F.max_pool2d(x, 2), self.taps, None, stride=2, padding=(1, 2), groups=6)
        x = x + F.conv2d(x, self.taps[:, :, :1, :1] * 2, groups=12)
        x = self.line(x.flatten(2)).mean(2)
        return self.head(x) @ self.mix


def make():
    print("the user's own words")
    return Net()


class Odd(nn.Module):
    def forward(self, x):
        kernel = x.mean((0, 2, 3))[None, :, None, None]
        return torch.fft.rfft(F.conv2d(x, kernel).flatten(1)).real, x.flatten(2) @ x.flatten(2).mT


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.one(x))
        return (x + self.two(x)).flatten(1)


class Halves(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Conv2d(3, 8, 1), nn.Conv2d(4, 2, 1)

    def forward(self, x):
        left, right = self.one(x).chunk(2, 1)
        return torch.cat((left, self.two(right)), 1)


class Reused(nn.Module):
    def forward(self, x):
        y = x * 2
        return y.add_(x).relu_().flatten(1)


class Chosen(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


def fails():
    raise RuntimeError("no such file\\nand more")


number = 3
net = Net()
"""


@pytest.fixture
def modules(tmp_path, monkeypatch):
    (tmp_path / "made_for_torch.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "made_for_torch", raising=False)
    return "made_for_torch"


def test_a_module_against_the_counter_of_pytorch(modules):
    from torch.utils.flop_counter import FlopCounterMode

    found = read_torch(f"{modules}:make", ["2x3x16x18"])
    assert [one.name for one in found.layers] == [
        *("stem", "up", "conv2d_1", "conv2d_2", "line", "head", "matmul")
    ]
    assert not found.unknown
    net = sys.modules[modules].Net().eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net(torch.zeros(2, 3, 16, 18))
    facts = model_facts(found)
    assert 2 * facts.totals.macs == counter.get_total_flops()
    made = {name: one.numel() for name, one in net.named_parameters()}
    parameters = {one.name: one.parameters for one in facts.layers}
    for name in ("stem", "up", "line", "head"):
        assert parameters[name] == made[f"{name}.weight"] + made.get(f"{name}.bias", 0)
    assert parameters["conv2d_1"] == made["taps"]
    assert parameters["matmul"] == made["mix"]


def test_sizes_are_those_of_the_module_and_links_those_of_its_code(modules):
    found = read_torch(f"{modules}:net", ["x=2x3x16x18"])
    sizes = {}
    net = sys.modules[modules].Net().eval()
    for name in ("stem", "up", "line"):
        getattr(net, name).register_forward_hook(
            lambda _, __, out, name=name: sizes.__setitem__(name, tuple(out.shape))
        )
    net(torch.zeros(2, 3, 16, 18))
    for name, (batch, channels, *sides) in sizes.items():
        one = found.layer(name)
        assert (one.batch, one.layer.channels_out) == (batch, channels)
        assert [int(axis.output) for axis in one.layer.axes] == sides
    links = {one.name: (one.next, one.between) for one in found.layers}
    assert links["stem"] == ("up", ("batch_norm", "relu"))
    assert links["conv2d_1"] == ("", ())
    assert links["head"] == ("matmul", ())
    fields = {one.name: one.receptive_field for one in found.layers}
    assert fields["stem"] == (3, 4)
    assert all(one.weights is None for one in found.layers)


def test_the_table_and_json_are_those_of_any_model(modules, derive):
    ran = derive("count", "--torch", f"{modules}:make", "--size", "2x3x16x18", "--json")
    assert (ran.returncode, ran.stderr) == (0, "the user's own words\n")
    found = json.loads(ran.stdout)
    assert found["schema"] == "derive/count/1"
    assert found["inputs"] == {"x": [2, 3, 16, 18]}
    assert [one["name"] for one in found["layers"]][:2] == ["stem", "up"]


PIXELS = 2 * 8 * 8  # of both samples
HELD = {  # by hand: what lies next to what, where that is the most
    "Residual": 3 * 8 * PIXELS,  # the sum next to both that it adds
    "Halves": (8 + 8) * PIXELS,  # the halves next to what they are taken of
    "Reused": (3 + 3) * PIXELS,  # written over in place
}


@pytest.mark.parametrize("name", HELD)
def test_what_is_held_at_once_is_that_of_the_same_operations(modules, name):
    assert read_torch(f"{modules}:{name}", ["2x3x8x8"]).held == HELD[name]


def test_a_module_holds_what_the_same_list_of_layers_does(modules):
    text = network_model("n", "image 3x8x8\n3x3 8 relu\n( . + 3x3 8 )", "2x3x8x8")
    facts = model_facts(read_torch(f"{modules}:Residual", ["2x3x8x8"]))
    assert facts.totals.held == 4 * text.held


def test_what_is_no_layer_is_named(modules):
    found = read_torch(f"{modules}:Odd", ["1x3x8x8"])
    assert not found.layers
    reasons = {one.operation: one.reason for one in found.unknown}
    assert reasons["conv2d"] == "its kernel is worked out while the model runs"
    assert reasons["matmul"] == "its kernel is worked out while the model runs"
    assert "fft_rfft" in reasons


WRONG = {
    ("made_for_torch", "1x3x8x8"): "names no module: write package.module:callable",
    ("made_for_torch:missing", "1x3x8x8"): "cannot be made: AttributeError",
    ("no_such_module:make", "1x3x8x8"): "cannot be made: ModuleNotFoundError",
    ("made_for_torch:fails", "1x3x8x8"): "cannot be made: RuntimeError: no such file",
    ("made_for_torch:number", "1x3x8x8"): "cannot be made: TypeError",
    ("made_for_torch:dict", "1x3x8x8"): "cannot be made: AttributeError",
    ("made_for_torch:make", "1x4x8x8"): "torch.export cannot write it down",
    ("made_for_torch:Chosen", "1x3x8x8"): "torch.export cannot write it down",
    ("made_for_torch:make", "many"): "sizes 'many': write such as 1x3x224x224",
    ("made_for_torch:make", "y=1x3x8x8"): "is of no open input: the module has x",
}


@pytest.mark.parametrize(("source", "size"), WRONG)
def test_bad_input_is_one_line(modules, source, size):
    with pytest.raises(InputError) as told:
        read_torch(source, [size])
    assert WRONG[source, size] in str(told.value)
    assert "\n" not in str(told.value)


def test_options_that_do_not_go_together(modules, derive):
    for words, answer in {
        ("vgg-16", "--torch", "a:b"): "--torch names a module: leave out MODEL",
        ("--torch", f"{modules}:make"): "give it with --size",
        ("--torch", f"{modules}:make", "--suggest"): "--torch makes no weights",
        (): "Missing argument 'MODEL'",
    }.items():
        ran = derive("count", *words)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert answer in ran.stderr
        assert ran.stderr.count("\n") == 1


def test_without_the_package_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(InputError) as told:
        read_torch("a:b", ["1x3x8x8"])
    assert str(told.value) == INSTALL
