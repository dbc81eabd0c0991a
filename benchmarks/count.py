"""From start to answer, and at which peak of memory: derive count against tools that count.

Run it: python benchmarks/count.py [ROUNDS]. ResNet-50 as a file of ONNX and as a module of PyTorch,
random weights; every tool in a process of its own, all in turn, medians and their ratios to derive
count on the file, of processor time and of time on the clock. Tools that are not installed are left
out: fvcore, thop, torchinfo, ptflops, calflops, onnx-tool and PyTorch's own counter. Goals: 5 times
faster and 4 times lighter than fvcore. In November 2026, on two quiet cores, it was 5 times faster
by processor time (4.8 to 5.2 in three runs; 9 on a busy machine, where the threads of PyTorch wait
for each other), nearly half of which importing SymPy takes, and 5 times lighter. The second part
measures derive count --suggest on a generated model of 64 convolutions and 12 MB against NumPy's
singular value decompositions of the same unfoldings alone. Goal: 10 seconds. The third part, python
benchmarks/count.py accuracy, says which tools are right on layers that they are known to differ on:
what they report over the MACs.
"""

import json
import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
ROUNDS = 3
IMAGE = (1, 3, 224, 224)
MADE = """
import sys
sys.path.insert(0, {root!r})
import torch
from tests.published.modules import resnet_50
model, x = resnet_50()[0].eval(), torch.zeros({image!r})
"""
TOOLS = {
    "fvcore": "from fvcore.nn import FlopCountAnalysis as F\nprint(F(model, x).total())",
    "torch": "from torch.utils.flop_counter import FlopCounterMode as F\n"
    "with F(display=False) as f, torch.no_grad():\n    model(x)\nprint(f.get_total_flops())",
    "thop": "import thop\nprint(int(thop.profile(model, (x,), verbose=False)[0]))",
    "torchinfo": "import torchinfo\n"
    "print(torchinfo.summary(model, input_data=x, verbose=0).total_mult_adds)",
    "calflops": "from calflops import calculate_flops as f\n"
    "print(f(model, (1, 3, 224, 224), print_results=False, output_as_string=False)[1])",
    "ptflops": "from ptflops import get_model_complexity_info as f\n"
    "print(f(model, (3, 224, 224), as_strings=False, print_per_layer_stat=False)[0])",
}
ONNX_TOOL = """
import onnx_tool
model = onnx_tool.Model({file!r})
model.graph.shape_infer({{}})
model.graph.profile()
print(int(model.graph.macs[0] if hasattr(model.graph.macs, '__len__') else model.graph.macs))
"""
UNFOLDINGS = """
import sys, time
import numpy as np
from derive.models.source import read_source
taken = 0.0
svd = np.linalg.svd
def timed(*args, **options):
    global taken
    begin = time.process_time()
    found = svd(*args, **options)
    taken += time.process_time() - begin
    return found
np.linalg.svd = timed
from derive.facts.suggestion import candidates
model = read_source({file!r}, weights=True)
begin = time.process_time()
candidates(model)
print(time.process_time() - begin, taken)
"""


LAYERS = """
import torch
from torch import nn

class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(12, 8, 3, 3))

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight, padding=1)

LAYERS = {
    "plain": lambda: nn.Conv2d(8, 12, 3, padding=1, bias=False),
    "grouped": lambda: nn.Conv2d(8, 12, 3, padding=1, groups=4, bias=False),
    "transposed": lambda: nn.ConvTranspose2d(8, 12, 4, 2, 1, bias=False),
    "padding='same'": lambda: nn.Conv2d(8, 12, 3, padding="same", bias=False),
    "even and 'same'": lambda: nn.Conv2d(8, 12, 4, padding="same", bias=False),
    "functional": Functional,
}

def taps(model, x):
    weight, y = next(model.parameters()), model(x)
    over = x if isinstance(model[0], nn.ConvTranspose2d) else y
    return over.numel() * weight[0].numel()
"""
EVERY = """
from layers_here import LAYERS, nn, taps, torch
import contextlib, io

for made in LAYERS.values():
    model, x = nn.Sequential(made()).eval(), torch.zeros(1, 8, 28, 28)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
{code}
    print("share", float(said.getvalue().split()[-1]) / taps(model, x))
"""
OURS = """
from derive.facts.model import model_facts
from derive.models.pytorch import read_torch
import layers_here
layers_here.chosen = lambda: made()
print(model_facts(read_torch("layers_here:chosen", ["1x8x28x28"])).totals.macs)
"""


def accuracy():
    """What every tool reports for one layer without bias, over the MACs by definition: outputs
    times the taps of each, and of a transposed layer inputs times the taps of each."""
    whole = {"(1, 3, 224, 224)": "(1, 8, 28, 28)", "(3, 224, 224)": "(8, 28, 28)"}
    tools = {"derive count --torch": OURS} | {n: c for n, c in TOOLS.items() if find_spec(n)}
    names = [line.split('"')[1] for line in LAYERS.splitlines() if line.startswith('    "')]
    print(f"{'tool':22}", *(f"{name:>17}" for name in names), sep="")
    with TemporaryDirectory() as folder:
        Path(folder, "layers_here.py").write_text(LAYERS)
        for name, code in tools.items():
            for old, new in whole.items():
                code = code.replace(old, new)
            inner = "\n".join(f"        {line}" for line in code.strip().splitlines())
            done = run(("-c", EVERY.replace("{code}", inner)), folder)
            shares = [line.split()[1] for line in done[3].splitlines()] if done else []
            twice = 2 if name == "torch" else 1  # it counts each MAC as two
            shown = (f"{float(share) / twice:17.3f}" for share in shares)
            print(f"{name:22}", *shown, sep="", flush=True)


def resnet(path):
    """ResNet-50 as a file of ONNX, operation by operation from what torch.export writes down."""
    import onnx
    import torch
    from onnx import helper, numpy_helper

    sys.path.insert(0, str(ROOT))
    from tests.published.modules import resnet_50

    model = resnet_50()[0].eval()
    program = torch.export.export(model, (torch.zeros(IMAGE),))
    signature = program.graph_signature
    names = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
    state, nodes, held = model.state_dict(), [], {}

    def name(one):
        if one.name in names and names[one.name] in state:
            held[names[one.name]] = state[names[one.name]].numpy()
            return names[one.name]
        return one.name

    for node in program.graph.nodes:
        if node.op != "call_function":
            continue
        kind, args = node.target._schema.name.partition("::")[2], node.args
        word, count, options = {
            "conv2d": ("Conv", 3, {}),
            "batch_norm": ("BatchNormalization", 5, {}),
            "relu_": ("Relu", 1, {}),
            "relu": ("Relu", 1, {}),
            "add": ("Add", 2, {}),
            "add_": ("Add", 2, {}),
            "max_pool2d": ("MaxPool", 1, {}),
            "adaptive_avg_pool2d": ("GlobalAveragePool", 1, {}),
            "flatten": ("Flatten", 1, {}),
            "dropout": ("Identity", 1, {}),
            "linear": ("Gemm", 3, {"transB": 1}),
        }[kind]
        if kind == "conv2d":
            strides, pads = (
                list(args[n]) if len(args) > n else [d] * 2 for n, d in ((3, 1), (4, 0))
            )
            options = {"strides": strides, "pads": pads * 2}
        if kind == "max_pool2d":
            options = {"kernel_shape": args[1], "strides": args[2], "pads": list(args[3]) * 2}
        read = [name(one) for one in args[:count] if one is not None]
        nodes.append(helper.make_node(word, read, [node.name], name=node.name, **options))
    values = [
        helper.make_tensor_value_info(one, onnx.TensorProto.FLOAT, sizes)
        for one, sizes in ((signature.user_inputs[0], IMAGE), (nodes[-1].output[0], (1, 1000)))
    ]
    weights = [numpy_helper.from_array(array, key) for key, array in held.items()]
    graph = helper.make_graph(nodes, "resnet", values[:1], values[1:], weights)
    made = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 17)])
    onnx.checker.check_model(made)
    onnx.save(made, path)


def chain(path, layers=64, megabytes=12):
    """A chain of 3 × 3 convolutions of several widths that weigh so much together."""
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper

    random, width = np.random.default_rng(0), round((megabytes * 1e6 / 4 / 9 / layers) ** 0.5)
    nodes, held, read, channels = [], [], "x", 3
    for n in range(layers):
        out = width + n % 7 - 3
        kernel = random.standard_normal((out, channels, 3, 3)).astype("float32")
        held.append(numpy_helper.from_array(kernel, f"w{n}"))
        nodes.append(
            helper.make_node("Conv", [read, f"w{n}"], [f"c{n}"], name=f"conv{n}", pads=[1] * 4)
        )
        nodes.append(helper.make_node("Relu", [f"c{n}"], [f"r{n}"]))
        read, channels = f"r{n}", out
    values = [
        helper.make_tensor_value_info(one, onnx.TensorProto.FLOAT, sizes)
        for one, sizes in (("x", (1, 3, 56, 56)), (read, (1, channels, 56, 56)))
    ]
    graph = helper.make_graph(nodes, "chain", values[:1], values[1:], held)
    made = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", 17)])
    onnx.save(made, path)


def run(command, folder):
    """Processor seconds, seconds, peak of memory in MB, and what is printed, of its own process."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""},
    )
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    if status:
        return None
    return usage.ru_utime + usage.ru_stime, taken, usage.ru_maxrss / 1024, output.decode()


def counting(folder, rounds):
    """Every tool on ResNet-50."""
    file = str(folder / "resnet.onnx")
    subprocess.run([sys.executable, __file__, file], check=True)  # a parent's peak is its child's
    made = MADE.format(root=str(ROOT), image=IMAGE)
    (folder / "made_resnet.py").write_text(
        "from tests.published.modules import resnet_50\nmake = lambda: resnet_50()[0]\n"
    )
    module = ("-m", "derive", "count", "--torch", "made_resnet:make")
    tools = {
        "derive count FILE": ("-m", "derive", "count", file, "--json"),
        "derive count --torch": (*module, "--size", "1x3x224x224", "--json"),
        **{name: ("-c", made + code) for name, code in TOOLS.items() if find_spec(name)},
    }
    if find_spec("onnx_tool"):
        tools["onnx-tool"] = ("-c", ONNX_TOOL.format(file=file))
    found = {name: [] for name in tools}
    for _ in range(rounds):
        for name, command in tools.items():
            found[name].append(run(command, folder))
    ours = found["derive count FILE"]
    heads = ("processor", "clock", "MB")
    print(f"{'tool':22}", *(f"{head:>10}{'× ours':>8}" for head in heads), "  answer", sep="")
    for name, measured in found.items():
        if None in measured:
            print(f"{name:22} fails")
            continue
        pairs = list(zip(measured, ours, strict=True))
        shown = "".join(
            f"{median(one[n] for one in measured):10.2f}"
            f"{median(one[n] / own[n] for one, own in pairs):8.2f}"
            for n in range(3)
        )
        print(f"{name:22}{shown}  {answer(name, measured[0][3])}", flush=True)


def answer(name, text):
    """What a tool says: the last line that it prints."""
    if name.startswith("derive"):
        return json.loads(text)["totals"]["macs"]
    return text.strip().rpartition("\n")[2].strip()


def suggesting(folder, rounds):
    """Suggestions for 64 convolutions, and how long the decompositions among them take."""
    file = str(folder / "chain.onnx")
    chain(file)
    whole = [
        run(("-m", "derive", "count", file, "--cost", "0.7", "--json"), folder)
        for _ in range(rounds)
    ]
    inner = [run(("-c", UNFOLDINGS.format(file=file)), folder) for _ in range(rounds)]
    pairs = [tuple(map(float, one[3].split())) for one in inner]
    print(f"\n--suggest, 64 convolutions, {os.path.getsize(file) / 1e6:.1f} MB:")
    print(f"start to answer {median(one[0] for one in whole):.2f} s of processor time,")
    print(f"{median(one[1] for one in whole):.2f} s on the clock")
    print(f"all designs {median(one for one, _ in pairs):.2f} s")
    print(f"× decompositions alone {median(one / svd for one, svd in pairs):.2f}")


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = sys.argv[1:]
    if given[:1] == ["accuracy"]:
        accuracy()
    elif given[:1] == ["suggest"]:
        with TemporaryDirectory() as folder:
            suggesting(Path(folder), ROUNDS)
    elif given and not given[0].isdecimal():
        resnet(given[0])
    else:
        rounds = int(given[0]) if given else ROUNDS
        with TemporaryDirectory() as folder:
            counting(Path(folder), rounds)
            suggesting(Path(folder), rounds)
