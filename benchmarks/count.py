"""From start to answer, and at which peak of memory: derive count against tools that count.

Run it: python benchmarks/count.py. ResNet-50 as a file of ONNX and as a module of PyTorch, random
weights; every tool in a process of its own, all in turn, medians and their ratios to derive count
on the file. Tools that are not installed are left out: fvcore, thop, torchinfo, ptflops, onnx-tool
and PyTorch's own counter. Goals: 5 times faster and 4 times lighter than fvcore. The second part
measures derive count --suggest on a generated model of 64 convolutions and 12 MB against NumPy's
singular value decompositions of the same unfoldings alone. Goal: 10 seconds.
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
    begin = time.perf_counter()
    found = svd(*args, **options)
    taken += time.perf_counter() - begin
    return found
np.linalg.svd = timed
from derive.facts.suggestion import candidates
model = read_source({file!r}, weights=True)
begin = time.perf_counter()
candidates(model)
print(time.perf_counter() - begin, taken)
"""


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
    """Seconds, peak of memory in MB, and the last line that is printed, of a process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    if status:
        return None
    return taken, usage.ru_maxrss / 1024, output.decode()


def counting(folder):
    """Every tool on ResNet-50."""
    file = str(folder / "resnet.onnx")
    resnet(file)
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
    for _ in range(ROUNDS):
        for name, command in tools.items():
            found[name].append(run(command, folder))
    ours = found["derive count FILE"]
    print(f"{'tool':22}{'seconds':>9}{'× ours':>8}{'MB':>7}{'× ours':>8}  answer")
    for name, rounds in found.items():
        if None in rounds:
            print(f"{name:22} fails")
            continue
        ratios = [
            median(one[n] / own[n] for one, own in zip(rounds, ours, strict=True)) for n in range(2)
        ]
        answer = rounds[0][2]
        said = (
            json.loads(answer)["totals"]["macs"]
            if name.startswith("derive")
            else answer.split("\n")[-2].strip()
        )
        taken, peak = (median(one[n] for one in rounds) for n in range(2))
        print(f"{name:22}{taken:9.2f}{ratios[0]:8.2f}{peak:7.0f}{ratios[1]:8.2f}  {said}")


def suggesting(folder):
    """Suggestions for 64 convolutions, and how long the decompositions among them take."""
    file = str(folder / "chain.onnx")
    chain(file)
    whole = [
        run(("-m", "derive", "count", file, "--cost", "0.7", "--json"), folder)
        for _ in range(ROUNDS)
    ]
    inner = [run(("-c", UNFOLDINGS.format(file=file)), folder) for _ in range(ROUNDS)]
    pairs = [tuple(map(float, one[2].split())) for one in inner]
    print(f"\n--suggest, 64 convolutions, {os.path.getsize(file) / 1e6:.1f} MB:")
    print(f"start to answer {median(one[0] for one in whole):.2f} s")
    print(f"all designs {median(one for one, _ in pairs):.2f} s")
    print(f"× decompositions alone {median(one / svd for one, svd in pairs):.2f}")


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with TemporaryDirectory() as folder:
        counting(Path(folder))
        suggesting(Path(folder))
