"""Runs models on the runtime of the feature `onnx` and on onnxruntime, on one core each, turn by turn, and compares what comes out.

    cargo build --release -p uketsuke-benches --features onnx --bin onnx_runs
    python3 -m venv target/onnxruntime && target/onnxruntime/bin/pip install onnx==1.23.2 numpy==2.4.6 onnxruntime==1.32.0
    target/onnxruntime/bin/python benches/onnx/compare.py [--rounds N] [--large]

Fails where values differ by more than 1e-5 of the largest one of their output, or cosines by more than 1e-5. Times and memory are
told, not judged.
"""

import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import onnxruntime

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import large

ROOT = pathlib.Path(__file__).parents[2]
RUNS = pathlib.Path(os.environ.get("ONNX_RUNS", ROOT / "target/release/onnx_runs"))
LIMIT = 1e-5


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def memory_of_onnxruntime(path, name, shape):
    """The peak of a process that does nothing else, in KiB."""
    code = (
        "import sys, numpy, onnxruntime\n"
        "o = onnxruntime.SessionOptions(); o.intra_op_num_threads = o.inter_op_num_threads = 1\n"
        "s = onnxruntime.InferenceSession(sys.argv[1], o, providers=['CPUExecutionProvider'])\n"
        "s.run(None, {sys.argv[2]: numpy.zeros(eval(sys.argv[3]), numpy.float32)})\n"
        "print(next(l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path), name, repr(shape)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def inputs(about, shape):
    """Samples of 0 to 255, brought to what the model takes. The small models divide by the contrast of each part of a picture, so
    that parts without any come out as enlarged rounding, which no two runtimes share: they get noise alone."""
    random = np.random.default_rng(shape[3])
    made = [random.uniform(low, high, shape) for low, high in [(0, 255), (40, 200), (90, 160)]]
    if about is None:
        made += [np.full(shape, 128.0), np.broadcast_to(np.linspace(0, 255, shape[3]), shape), random.uniform(-1, 1, shape)]
    else:
        column = lambda key: np.array(about["input"][key]).reshape(1, 3, 1, 1)
        made = [(values - column("mean")) / column("std") for values in made]
    return [np.ascontiguousarray(values, np.float32) for values in made]


def cosine(a, b):
    a, b = a.astype(np.float64).ravel(), b.astype(np.float64).ravel()
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def compare(label, path, rounds, folder, about=None):
    theirs = session(path)
    name = theirs.get_inputs()[0].name
    shape = tuple(size if isinstance(size, int) else 320 for size in theirs.get_inputs()[0].shape)
    names = [output.name for output in theirs.get_outputs()]
    samples = inputs(about, shape)
    embeds = about is None or "output" in about
    ours = subprocess.Popen([str(RUNS), str(path), name, ",".join(map(str, shape)), *names],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ours.stdout.readline()
    times, worst, kept = ([], []), 0.0, []
    for turn in range(max(rounds, len(samples))):
        at = turn % len(samples)
        file = folder / f"{at}.f32"
        samples[at].tofile(file)
        begun = time.perf_counter_ns()
        expected = theirs.run(names, {name: samples[at]})
        times[1].append(time.perf_counter_ns() - begun)
        print(file, file=ours.stdin, flush=True)
        took, *files = ours.stdout.readline().split()
        times[0].append(int(took))
        found = [np.fromfile(file, np.float32).reshape(values.shape) for file, values in zip(files, expected, strict=True)]
        for one, other in zip(found, expected):
            worst = max(worst, float(np.abs(one - other).max() / max(np.abs(other).max(), 1e-30)))
        if turn < len(samples):
            kept.append((found[0], expected[0]))
    ours.stdin.close()
    memory = int(ours.stdout.readline())
    if ours.wait() != 0:
        sys.exit(f"{label}: onnx_runs failed")
    apart = 0.0
    if embeds:
        for i in range(len(kept)):
            for j in range(i):
                apart = max(apart, abs(cosine(kept[i][0], kept[j][0]) - cosine(kept[i][1], kept[j][1])))
    mine, other = (statistics.median(list) / 1e6 for list in times)
    theirs_memory = memory_of_onnxruntime(path, name, shape)
    print(f"{label:24} {mine:9.2f} ms {other:9.2f} ms {mine / other:6.2f}  {memory / 1024:7.1f} MiB {theirs_memory / 1024:7.1f} MiB"
          f"  values {worst:.1e}  cosines {apart:.1e}", flush=True)
    return worst <= LIMIT and apart <= LIMIT


def main():
    rounds = int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else 12
    print(f"onnxruntime {onnxruntime.__version__}, one core each, medians of {rounds} runs; peak memory of a process")
    print(f"{'model':24} {'here':>12} {'onnxruntime':>12} {'ratio':>6}")
    good = True
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for path in sorted((ROOT / "tests/models").glob("*.onnx")):
            good &= compare(path.stem, path, rounds, folder, json.loads(path.with_suffix(".json").read_text()))
        for label, make in large.ALL.items():
            if label != "1 M" and "--large" not in sys.argv:
                continue
            model = make()
            count = sum(int(np.prod(weights.dims)) for weights in model.graph.initializer)
            path = folder / "large.onnx"
            onnx.save(model, str(path))
            good &= compare(f"{label}: {count:,}", path, rounds, folder)
    if not good:
        sys.exit(f"values or cosines differ by more than {LIMIT}")


if __name__ == "__main__":
    main()
