"""Runs the same inputs through the crate's runtime and through onnxruntime, one thread each, in turns: the outputs must
agree to 1e-5, and an embedding may take twice as long.

    cargo build --release --features onnx --example model_runs
    target/onnxruntime/bin/python tests/models/compare.py [--big] [--time]

Always the small models of the tests; with --big also models of about 1, 10 and 44 million parameters with random weights,
made in target/ (a MobileFaceNet, one in the manner of MobileNet as large as SFace, an IResNet-50). With --time the medians
must keep to the ratio for those.
"""

import json
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parent.parent / "target"
RUNS = TARGET / "release/examples/model_runs"


class Net:
    """A graph with random weights, each layer as He et al. begin it."""

    def __init__(self, seed):
        self.random, self.nodes, self.weights, self.n, self.parameters = np.random.default_rng(seed), [], [], 0, 0

    def weight(self, value, dtype=np.float32):
        name = f"w{len(self.weights)}"
        value = np.asarray(value, dtype)
        self.weights.append(numpy_helper.from_array(value, name))
        self.parameters += value.size
        return name

    def add(self, op, *inputs, out=None, **attributes):
        self.n += 1
        out = out or f"t{self.n}"
        self.nodes.append(helper.make_node(op, list(inputs), [out], **attributes))
        return out

    def conv(self, x, into, out, k=3, stride=1, pad=None, group=1, bias=False):
        pad = k // 2 if pad is None else pad
        w = self.random.normal(0, np.sqrt(2 / (into // group * k * k)), (out, into // group, k, k))
        more = [self.weight(np.zeros(out))] if bias else []
        return self.add("Conv", x, self.weight(w), *more, kernel_shape=[k, k], strides=[stride] * 2, pads=[pad] * 4,
                        dilations=[1, 1], group=group)

    def norm(self, x, n):
        r = self.random
        parts = [r.uniform(0.8, 1.2, n), r.normal(0, 0.05, n), r.normal(0, 0.05, n), r.uniform(0.8, 1.2, n)]
        return self.add("BatchNormalization", x, *[self.weight(p) for p in parts], epsilon=1e-5)

    def prelu(self, x, n):
        return self.add("PRelu", x, self.weight(np.full((n, 1, 1), 0.25)))

    def save(self, path, x, dimension):
        self.add("Identity", x, out="out")
        graph = helper.make_graph(
            self.nodes, "g", [helper.make_tensor_value_info("in", TensorProto.FLOAT, [1, 3, 112, 112])],
            [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, dimension])], self.weights)
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=7), path)
        return self.parameters


def mobilefacenet(path):
    g = Net(1)

    def unit(x, into, out, k=3, stride=1, pad=None, group=1, act=True):
        x = g.norm(g.conv(x, into, out, k, stride, pad, group), out)
        return g.prelu(x, out) if act else x

    def bottleneck(x, into, out, inner, stride):
        y = unit(x, into, inner, 1)
        y = unit(y, inner, inner, 3, stride, group=inner)
        y = unit(y, inner, out, 1, act=False)
        return g.add("Add", x, y) if stride == 1 and into == out else y

    x = unit("in", 3, 64, 3, 2)
    x, into = unit(x, 64, 64, 3, 1, group=64), 64
    for out, times, stride, expand in [(64, 5, 2, 2), (128, 1, 2, 4), (128, 6, 1, 2), (128, 1, 2, 4), (128, 2, 1, 2)]:
        for at in range(times):
            x = bottleneck(x, into, out, into * expand, stride if at == 0 else 1)
            into = out
    x = unit(x, 128, 512, 1)
    x = unit(x, 512, 512, 7, 1, 0, group=512, act=False)
    x = unit(x, 512, 128, 1, act=False)
    return g.save(path, g.add("Flatten", x), 128), 128


def as_large_as_sface(path):
    g = Net(2)
    x = g.add("Mul", g.add("Sub", "in", g.weight(np.float32(127.5))), g.weight(np.float32(1 / 128)))
    x, into = g.prelu(g.norm(g.conv(x, 3, 32), 32), 32), 32
    for out, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + [(512, 1)] * 5 + [(1024, 2), (1024, 1)]:
        x = g.prelu(g.norm(g.conv(x, into, into, 3, stride, group=into), into), into)
        x = g.prelu(g.norm(g.conv(x, into, out, 1), out), out)
        into = out
    w = g.random.normal(0, 0.005, (128, 50176))
    x = g.add("Gemm", g.add("Flatten", x), g.weight(w), g.weight(np.zeros(128)), transB=1)
    return g.save(path, x, 128), 128


def iresnet50(path):
    g = Net(3)
    x, into = g.prelu(g.norm(g.conv("in", 3, 64), 64), 64), 64
    for out, times in [(64, 3), (128, 4), (256, 14), (512, 3)]:
        for at in range(times):
            stride = 2 if at == 0 else 1
            y = g.conv(g.norm(x, into), into, out)
            y = g.prelu(g.norm(y, out), out)
            y = g.norm(g.conv(y, out, out, 3, stride), out)
            if at == 0:
                x = g.norm(g.conv(x, into, out, 1, stride), out)
            # Sums of many blocks stay in range.
            x = g.add("Mul", g.add("Add", x, y), g.weight(np.float32(0.7)))
            into = out
    w = g.random.normal(0, 0.01, (512, 25088))
    x = g.add("Gemm", g.add("Flatten", g.norm(x, 512)), g.weight(w), g.weight(np.zeros(512)), transB=1)
    return g.save(path, g.norm(x, 512), 512), 512


def compare(name, path, input_name, shape, outputs, scale, runs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    process = subprocess.Popen(
        [RUNS, path, input_name, ",".join(map(str, shape)), ",".join(outputs)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    random = np.random.default_rng(9)
    file = TARGET / "compare.f32"
    ours, theirs, worst, embeddings = [], [], 0.0, []
    for run in range(runs):
        values = random.uniform(*scale, (1, *shape)).astype(np.float32)
        file.write_bytes(values.tobytes())
        process.stdin.write(f"{file}\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            sys.exit(f"{name}: model_runs stopped")
        ours.append(int(line) / 1000)
        begun = time.perf_counter()
        expected = session.run(outputs, {input_name: values})
        theirs.append((time.perf_counter() - begun) * 1000)
        found = np.frombuffer(pathlib.Path(f"{file}.out").read_bytes(), np.float32)
        at = 0
        for output in expected:
            part = found[at:at + output.size]
            at += output.size
            # Of the output's own size: single values near 0 are differences of large ones.
            worst = max(worst, float(np.abs(part - output.flatten()).max() / np.abs(output).max()))
        assert at == found.size, (name, at, found.size)
        embeddings.append((found.astype(float), np.concatenate([o.flatten() for o in expected]).astype(float)))
    cosine = lambda a, b: a @ b / np.sqrt((a @ a) * (b @ b))
    pairs = zip(embeddings, embeddings[1:])
    off = max((abs(cosine(a[0], b[0]) - cosine(a[1], b[1])) for a, b in pairs), default=0.0)
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    process.stdin.close()
    process.wait()
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"| {name} | {statistics.median(ours):.2f} ms | {statistics.median(theirs):.2f} ms | {ratio:.2f} | {worst:.1e} | {off:.1e} | {peak:.0f} MiB |", flush=True)
    if worst > 1e-5 or off > 1e-5:
        sys.exit(f"{name}: the runtimes differ")
    return ratio


def main():
    print("| model | here, median | onnxruntime, median | ratio | outputs differ by | cosines by | peak of the process |")
    print("|---|---|---|---|---|---|---|")
    for name in ["yunet", "scrfd", "sface", "arcface"]:
        about = json.loads((HERE / f"{name}.json").read_text())
        side = about["input"]["size"]
        shape = [3, 320, 320] if isinstance(side, dict) else [3, *side]
        outputs = [about["output"]["name"]] if "output" in about else [
            o for stride in about["strides"] for k, o in stride.items() if k != "stride"]
        scale = [(v - m) / s for v, m, s in zip([0, 255], about["input"]["mean"], about["input"]["std"])]
        compare(name, HERE / f"{name}.onnx", about["input"]["name"], shape, outputs, scale, 5)
    if "--big" in sys.argv:
        for name, make in [("MobileFaceNet", mobilefacenet), ("as large as SFace", as_large_as_sface), ("IResNet-50", iresnet50)]:
            path = TARGET / f"{name.replace(' ', '_')}.onnx"
            parameters, _ = make(path)
            ratio = compare(f"{name}, {parameters / 1e6:.1f} M", path, "in", [3, 112, 112], ["out"], (0, 255) if "SFace" in name else (-1, 1), 25)
            if "--time" in sys.argv and ratio > 2:
                sys.exit(f"{name}: {ratio:.2f} times as long as onnxruntime")


if __name__ == "__main__":
    main()
