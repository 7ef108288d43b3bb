"""Makes the small models of the tests: detectors and embedders for drawn faces. They recognise drawings and nobody real.

    cargo run --release --features photo --example drawn_faces -- --crops target/crops 600 6
    python3 -m venv target/onnxruntime && target/onnxruntime/bin/pip install onnx numpy
    target/onnxruntime/bin/python tests/models/make.py target/crops

The detectors ask of each place, at nine sizes, whether its pixels, brought to zero mean and unit length, lie on the
faces' side of a plane (logistic regression); the embedders take the means of 8 x 8 pixels, and of how much they vary, and project them on the directions that tell drawn persons
apart (Fisher's linear discriminants). The outputs are those of YuNet, SCRFD, SFace and ArcFace; nothing was taken from those models.
"""

import hashlib
import json
import math
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
PICTURES = 6
UPRIGHT = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
# The mean drawn person, brought as near to that as it goes.
DRAWN = np.array([[-45.5, 231], [45.5, 231], [0, 273], [-33, 311], [33, 311]])
DRAWN = DRAWN - DRAWN.mean(0)
SHAPE = DRAWN * (DRAWN * (UPRIGHT - UPRIGHT.mean(0))).sum() / (DRAWN ** 2).sum() + UPRIGHT.mean(0)
APART = 35.2377  # the eyes of an upright face, in pixels
CENTRE = np.array([56.0, 68.0])
INNER = 34.0  # half a side of the part that is compared
SIZES = [10.0, 12.6, 15.9]  # the eyes' distance in each pyramid level
STRIDES = [8, 16, 32]
REACH = 6  # places that a cell sees each way


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.count = [], {}, 0

    def constant(self, value, dtype=np.float32):
        """The same one for the same value."""
        value = np.asarray(value, dtype)
        key = (value.tobytes(), value.shape, value.dtype)
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(value, f"c{len(self.constants):x}")
        return self.constants[key].name

    def add(self, op, *inputs, out=None, **attributes):
        self.count += 1
        if op in ("Conv", "AveragePool"):
            # Said though it is what they are without: not every runtime knows.
            attributes.setdefault("strides", [1, 1])
            attributes.setdefault("pads", [0, 0, 0, 0])
            if op == "Conv":
                attributes.setdefault("dilations", [1, 1])
        out = out or f"{self.count:X}"
        self.nodes.append(helper.make_node(op, list(inputs), [out], **attributes))
        return out

    def model(self, name, inputs, outputs):
        graph = helper.make_graph(self.nodes, name, inputs, outputs, list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=7, producer_name="")
        onnx.checker.check_model(model)
        return model


def at(picture, x, y):
    """Bilinear; x and y are arrays."""
    x, y = np.clip(x, 0, 222.999), np.clip(y, 0, 222.999)
    i, j = x.astype(int), y.astype(int)
    u, v = x - i, y - j
    return ((1 - v) * ((1 - u) * picture[j, i] + u * picture[j, i + 1])
            + v * ((1 - u) * picture[j + 1, i] + u * picture[j + 1, i + 1]))


def boxes(picture, reach):
    """The mean of (2 reach + 1)² pixels; smaller by `reach` each way."""
    n = 2 * reach + 1
    total = np.pad(picture, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    return (total[n:, n:] - total[:-n, n:] - total[n:, :-n] + total[:-n, :-n]) / n ** 2


def patch(picture, x, y, eyes, size):
    """What a level shows where the eyes of a face at (x, y) would be `eyes` pixels of the picture apart: the pixels, and
    how much they vary about each."""
    step = eyes / size
    half = int(INNER / (APART / size)) + 2
    offsets = np.arange(-half, half + 1) * step
    fine = (np.arange(3) - 1) / 3 * step
    u, v = np.meshgrid(x + offsets, y + offsets)
    seen = sum(at(picture, u + a, v + b) for a in fine for b in fine) / 9 / 255 - 0.5
    around = np.sqrt(np.maximum(boxes(seen ** 2, 2) - boxes(seen, 2) ** 2, 0) + 1e-6)
    seen = seen[2:-2, 2:-2]
    spread = math.sqrt(seen.var() + 2.5e-4) * len(seen)
    seen = seen - seen.mean()
    return np.r_[seen.flatten(), around.flatten()] / spread


def walls(random):
    """A picture with edges and no face."""
    picture = np.full((224, 224), random.uniform(0, 255))
    picture += np.linspace(-1, 1, 224) * random.uniform(-60, 60)
    for _ in range(random.integers(0, 6)):
        x, y = random.integers(0, 224, 2), random.integers(0, 224, 2)
        picture[min(y):max(y), min(x):max(x)] = random.uniform(0, 255)
    for _ in range(random.integers(0, 5)):
        x, y = np.meshgrid(*[np.arange(224) - random.uniform(0, 224) for _ in range(2)])
        picture[(x / random.uniform(3, 80)) ** 2 + (y / random.uniform(3, 80)) ** 2 < 1] = random.uniform(0, 255)
    return np.clip(picture + random.uniform(-3, 3, (224, 224)), 0, 255)


def plane(crops, size, random):
    """What to multiply a patch with, and what to add: above 0 for faces."""
    middle = CENTRE + 56

    def face():
        crop = crops[random.integers(len(crops))]
        x, y = middle + random.uniform(-0.04, 0.04, 2) * APART
        return patch(crop, x, y, APART * random.uniform(0.88, 1.13), size)

    def edge():
        """The end of a picture, black up to a multiple of 32, and the middle grey that a level has outside."""
        picture = (crops[random.integers(len(crops))].astype(float) if random.uniform() < 0.5 else walls(random)).copy()
        for turn in range(random.integers(1, 3)):
            ends = random.integers(0, 4)
            end = random.integers(60, 200)
            black = end + int(random.choice([0, random.integers(0, 60)]))
            side = np.rot90(picture, ends)
            side[end:] = 0
            side[black:] = 127.5
        return patch(picture, *random.uniform(40, 184, 2), APART * random.uniform(0.2, 1.4), size)

    def other():
        kind = random.uniform()
        if kind < 0.1:
            return edge()
        if kind < 0.35:
            return patch(walls(random), *random.uniform(30, 194, 2), APART * random.uniform(0.3, 1.6), size)
        crop = crops[random.integers(len(crops))]
        while True:
            # Half of them near the face, to find its place.
            reach = 72 if random.uniform() < 0.5 else 20
            x, y = middle + random.uniform(-reach, reach, 2)
            ratio = np.exp(random.uniform(-1.5, 0.6))
            far = np.hypot(x - middle[0], y - middle[1]) > 0.22 * APART
            if far or abs(np.log(ratio)) > 0.26:
                return patch(crop, x, y, APART * ratio, size)

    faces = np.array([face() for _ in range(2000)])
    others = np.array([other() for _ in range(6000)])
    w = np.zeros(faces.shape[1] + 1)
    for turn in range(2):
        x = np.vstack([faces, others])
        x = np.hstack([x, np.ones((len(x), 1))])
        aim = np.r_[np.ones(len(faces)), np.zeros(len(others))]
        weight = np.r_[np.full(len(faces), len(others) / len(faces)), np.ones(len(others))]
        for _ in range(7):
            sure = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
            slope = (x * (weight * (sure * (1 - sure) + 1e-4))[:, None]).T @ x + RIDGE * np.eye(len(w))
            w += np.linalg.solve(slope, x.T @ (weight * (aim - sure)) - RIDGE * w)
        scores = faces @ w[:-1] + w[-1]
        fresh = np.array([other() for _ in range(4000)])
        wrong = fresh @ w[:-1] + w[-1]
        print(size, turn, "faces", np.percentile(scores, [0, 1, 10, 50]).round(2), "others", np.percentile(wrong, [50, 99, 99.9, 100]).round(2), flush=True)
        others = np.vstack([others, fresh[wrong > np.percentile(scores, 0.3)]])
    return w[:-1], w[-1]


def grey(g, name, weights, bias):
    return g.add("Conv", name, g.constant(np.reshape(weights, (1, 3, 1, 1))), g.constant([bias]))


def places(g, level, planes):
    """How much like a face each second place of a level is, a channel for each size."""
    square = g.add("Mul", level, level)

    def around(x):
        x = g.add("AveragePool", x, kernel_shape=[1, 5], pads=[0, 2, 0, 2], count_include_pad=1)
        return g.add("AveragePool", x, kernel_shape=[5, 1], pads=[2, 0, 2, 0], count_include_pad=1)

    near = around(level)
    vary = g.add("Relu", g.add("Sub", around(square), g.add("Mul", near, near)))
    vary = g.add("Sqrt", g.add("Add", vary, g.constant(1e-6)))
    both = g.add("Concat", level, vary, axis=1)
    # Black is what a picture is filled up with: a face has none of that, and little of what is outside.
    inside = g.add("Clip", g.add("Mul", g.add("Add", level, g.constant(0.5)), g.constant(400.0)), g.constant(0.0), g.constant(1.0))
    maps = []
    for kernel, more in planes:
        side = math.isqrt(len(kernel) // 2)
        kernel = kernel.reshape(1, 2, side, side).copy()
        kernel[0, 0] -= kernel[0, 0].mean()
        pad = side // 2

        def box(x):
            x = g.add("AveragePool", x, kernel_shape=[1, side], strides=[1, 2], pads=[0, pad, 0, pad], count_include_pad=1)
            return g.add("AveragePool", x, kernel_shape=[side, 1], strides=[2, 1], pads=[pad, 0, pad, 0], count_include_pad=1)

        dot = g.add("Conv", both, g.constant(kernel), strides=[2, 2], pads=[pad] * 4)
        first = box(level)
        spread = g.add("Relu", g.add("Sub", box(square), g.add("Mul", first, first)))
        spread = g.add("Sqrt", g.add("Add", spread, g.constant(2.5e-4)))
        likeness = g.add("Div", dot, g.add("Mul", spread, g.constant(side)))
        covered = g.add("Mul", box(inside), g.constant(OUTSIDE))
        maps.append(g.add("Add", g.add("Add", likeness, covered), g.constant(more - OUTSIDE)))
    return g.add("Concat", *maps, axis=1)


def cells(g, level, planes):
    """Per cell: the weight of each size and place, and the highest likeness."""
    maps = places(g, level, planes)
    n = REACH * REACH
    hot = np.zeros((len(SIZES) * n, 1, REACH, REACH))
    for channel in range(len(SIZES) * n):
        hot[channel, 0, channel % n // REACH, channel % REACH] = 1
    spread = g.add("Conv", maps, g.constant(hot), strides=[4, 4], pads=[1] * 4, group=len(SIZES))
    weights = g.add("Softmax", g.add("Transpose", g.add("Mul", spread, g.constant(SHARP)), perm=[0, 2, 3, 1]), axis=3)
    best = g.add("ReduceMax", spread, axes=[1], keepdims=1)
    return weights, best


def readout(kind):
    """Of each size and place, in strides: box and landmarks, but for where the middle of a level's pixel is."""
    rows = []
    for eyes in SIZES:
        for row in range(REACH):
            for column in range(REACH):
                x, y, apart = (column - 1) / 4, (row - 1) / 4, eyes / 8
                left, right, up, down = 1.2 * apart, 1.2 * apart, 1.45 * apart, 1.25 * apart
                if kind == "yunet":
                    box = [x, y + (down - up) / 2, math.log(left + right), math.log(up + down)]
                else:
                    box = [left - x, up - y, right + x, down + y]
                marks = np.array([x, y]) + (SHAPE - CENTRE) / APART * apart
                rows.append(box + list(marks.flatten()))
    return np.array(rows)


def middle(stride, kind):
    off = (stride // 8 - 1) / 2 / stride
    return ([off, off, 0, 0] if kind == "yunet" else [-off, -off, off, off]) + [off] * 10


def detector(kind, planes, size):
    g = Graph()
    weights = np.array([0.299, 0.587, 0.114])
    if kind == "yunet":
        name, level = "input", grey(g, "input", weights[::-1] / 255, -0.5)
    else:
        name, level = "input.1", grey(g, "input.1", weights * 128 / 255, 0.0)
    outputs, strides = [], []
    anchors = 1 if kind == "yunet" else 2
    for stride in STRIDES:
        f = stride // 8
        down = level if f == 1 else g.add("AveragePool", level, kernel_shape=[f, f], strides=[f, f])
        weights, best = cells(g, down, planes)
        found = g.add("MatMul", weights, g.constant(readout(kind)))
        found = g.add("Add", found, g.constant(middle(stride, kind)))
        # 0 at a likeness of LOW, 1 at HIGH.
        score = g.add("Clip", g.add("Add", g.add("Mul", best, g.constant(1 / (HIGH - LOW))), g.constant(-LOW / (HIGH - LOW))),
                      g.constant(0.0), g.constant(1.0))
        score = g.add("Transpose", score, perm=[0, 2, 3, 1])

        def output(value, columns, out):
            if anchors == 2:
                # The second anchor of each cell finds nothing.
                other = g.add("Mul", value, g.constant(0.0 if columns == 1 else 1.0))
                value = g.add("Concat", value, other, axis=3)
            shape = [1, -1, columns] if kind == "yunet" else [-1, columns]
            g.add("Reshape", value, g.constant(shape, np.int64), out=out)
            known = None if size is None else (size // stride) ** 2 * anchors
            dims = [1, known, columns] if kind == "yunet" else [known, columns]
            outputs.append(helper.make_tensor_value_info(out, TensorProto.FLOAT, dims))
            return out

        def part(begin, end):
            return g.add("Slice", found, g.constant([begin], np.int64), g.constant([end], np.int64), g.constant([3], np.int64))

        if kind == "yunet":
            strides.append({
                "stride": stride,
                "class": output(score, 1, f"cls_{stride}"), "object": output(score, 1, f"obj_{stride}"),
                "box": output(part(0, 4), 4, f"bbox_{stride}"), "landmarks": output(part(4, 14), 10, f"kps_{stride}"),
            })
        else:
            strides.append({
                "stride": stride, "score": output(score, 1, f"score_{stride}"),
                "box": output(part(0, 4), 4, f"bbox_{stride}"), "landmarks": output(part(4, 14), 10, f"kps_{stride}"),
            })
    sides = ["height", "width"] if size is None else [size, size]
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3] + sides)]
    model = g.model(kind, inputs, outputs)
    about = {
        "kind": kind, "vendor": "uketsuke", "name": f"drawn faces, {kind} kind", "version": "1",
        "licence": "MIT OR Apache-2.0; finds drawings and nobody real",
        "input": {
            "name": name, "layout": "NCHW", "colour": "BGR" if kind == "yunet" else "RGB",
            "mean": [0.0] * 3 if kind == "yunet" else [127.5] * 3, "std": [1.0] * 3 if kind == "yunet" else [128.0] * 3,
            "size": {"longest": 320} if size is None else {"fixed": [size, size]},
        },
        "strides": strides, "score_threshold": 0.65, "nms_threshold": 0.3,
    }
    if kind == "scrfd":
        about["anchors"] = anchors
    return model, about


def pooled(crop):
    """What the embedder's graph gives before the projection."""
    edged = np.pad(crop, 2)
    vary = np.sqrt(np.maximum(boxes(edged ** 2, 2) - boxes(edged, 2) ** 2, 0) + 1)
    spread = math.sqrt(crop.var() + 1)
    means = [x.reshape(14, 8, 14, 8).mean((1, 3)).flatten() for x in (crop, vary)]
    return np.concatenate([(x - x.mean()) / spread for x in means])


def as_found(crop, random):
    """The upright face, as far off as a detector's landmarks may be."""
    a, b = random.uniform(0.9, 1.11), random.uniform(-0.03, 0.03)
    x, y = np.meshgrid(np.arange(112) - CENTRE[0], np.arange(112) - CENTRE[1])
    dx, dy = 56 + CENTRE + random.uniform(-3.5, 3.5, 2)
    return at(crop, a * x - b * y + dx, b * x + a * y + dy)


def discriminants(crops, count):
    x = np.array([pooled(crop) for crop in crops])
    middle, size = x.mean(0), x.shape[1]
    persons = x.reshape(-1, PICTURES, size)
    means = persons.mean(1)
    within = (persons - means[:, None]).reshape(-1, size)
    within = within.T @ within / len(within) + 0.0005 * np.eye(size)
    root = np.linalg.inv(np.linalg.cholesky(within))
    between = (means - middle) @ root.T
    values, vectors = np.linalg.eigh(between.T @ between / len(between))
    values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
    # Between equal parts and parts that count as they tell apart.
    projection = vectors.T @ root / values[:, None] ** 0.25
    return projection, -projection @ middle


def embedder(kind, projection, bias):
    g = Graph()
    weights = np.array([0.299, 0.587, 0.114])
    if kind == "sface":
        name, out, level = "data", "fc1", grey(g, "data", weights, 0.0)
    else:
        name, out, level = "input.1", "embedding", grey(g, "input.1", weights * 127.5, 127.5)

    def mean(x, side, **more):
        return g.add("AveragePool", x, kernel_shape=[side, side], **more)

    def less(a, b):
        return g.add("Sub", a, g.add("Mul", b, b))

    square = g.add("Mul", level, level)
    near = {"pads": [2] * 4, "count_include_pad": 1}
    vary = g.add("Relu", less(mean(square, 5, **near), mean(level, 5, **near)))
    vary = g.add("Sqrt", g.add("Add", vary, g.constant(1.0)))
    # Variance of the whole, in two steps that lose nothing.
    whole = g.add("ReduceMean", level, axes=[1, 2, 3], keepdims=1)
    centred = g.add("Sub", level, whole)
    spread = g.add("ReduceMean", g.add("Mul", centred, centred), axes=[1, 2, 3], keepdims=1)
    spread = g.add("Sqrt", g.add("Add", spread, g.constant(1.0)))
    parts = []
    for x in (level, vary):
        x = mean(x, 8, strides=[8, 8])
        x = g.add("Sub", x, g.add("ReduceMean", x, axes=[1, 2, 3], keepdims=1))
        parts.append(g.add("Flatten", g.add("Div", x, spread)))
    g.add("Gemm", g.add("Concat", *parts, axis=1), g.constant(projection), g.constant(bias), transB=1, out=out)
    dimension = len(bias)
    model = g.model(kind, [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, 112, 112])],
                    [helper.make_tensor_value_info(out, TensorProto.FLOAT, [1, dimension])])
    about = {
        "vendor": "uketsuke", "name": f"drawn faces, {kind} kind", "version": "1",
        "licence": "MIT OR Apache-2.0; tells drawings apart and nobody real",
        "input": {
            "name": name, "layout": "NCHW", "colour": "RGB",
            "mean": [0.0] * 3 if kind == "sface" else [127.5] * 3, "std": [1.0] * 3 if kind == "sface" else [127.5] * 3,
            "size": [112, 112],
        },
        "output": {"name": out, "dimension": dimension},
    }
    return model, about


# 0 and 1 of a detector's score, how sharply the likeliest place counts, and how much smaller weights are liked.
LOW, HIGH, SHARP, RIDGE = -5.0, 10.0, 3.0, 0.3
OUTSIDE = 25.0  # what is taken off a face that is all outside


def write(name, model, about):
    data = model.SerializeToString()
    assert len(data) < 50 * 1024, (name, len(data))
    (HERE / f"{name}.onnx").write_bytes(data)
    about = {"sha256": hashlib.sha256(data).hexdigest(), **about}
    (HERE / f"{name}.json").write_text(json.dumps(about, indent=1) + "\n")
    print(name, len(data))


def main():
    crops = np.fromfile(sys.argv[1], np.uint8).reshape(-1, 224, 224)
    random = np.random.default_rng(7)
    planes = [plane(crops, size, random) for size in SIZES]
    write("yunet", *detector("yunet", planes, 320))
    write("scrfd", *detector("scrfd", planes, None))
    projection, bias = discriminants(np.array([as_found(crop, random) for crop in crops]), 24)
    write("sface", *embedder("sface", projection, bias))
    write("arcface", *embedder("arcface", projection, bias))


if __name__ == "__main__":
    main()
