"""Embedders of 1 M, 10 M and 44 M parameters, of the shapes that face matchers have, with random weights: for times, and for comparing what
two runtimes make of them. They know nothing. The shapes follow MobileFaceNet, MobileNet (with a wide last layer, as SFace has) and
the IResNet of 50 layers."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper


class Net:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.weights, self.count = [], [], 0

    def weight(self, value):
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def add(self, op, *inputs, out=None, **attributes):
        self.count += 1
        out = out or f"n{self.count}"
        self.nodes.append(helper.make_node(op, list(inputs), [out], **attributes))
        return out

    def conv(self, x, inside, outside, side=3, stride=1, group=1, pad=None):
        pad = side // 2 if pad is None else pad
        spread = np.sqrt(2 / (inside // group * side * side))
        kernel = self.random.normal(0, spread, (outside, inside // group, side, side))
        return self.add("Conv", x, self.weight(kernel), kernel_shape=[side] * 2, strides=[stride] * 2, pads=[pad] * 4,
                        dilations=[1, 1], group=group)

    def norm(self, x, channels):
        about = lambda low, high: self.weight(self.random.uniform(low, high, channels))
        return self.add("BatchNormalization", x, about(0.8, 1.2), about(-0.1, 0.1), about(-0.1, 0.1), about(0.8, 1.2), epsilon=1e-5)

    def prelu(self, x, channels):
        return self.add("PRelu", x, self.weight(self.random.uniform(0.1, 0.3, (channels, 1, 1))))

    def unit(self, x, inside, outside, **more):
        return self.prelu(self.norm(self.conv(x, inside, outside, **more), outside), outside)

    def gemm(self, x, inside, outside, out=None):
        weights = self.random.normal(0, np.sqrt(1 / inside), (outside, inside))
        return self.add("Gemm", x, self.weight(weights), self.weight(np.zeros(outside)), transB=1, out=out)

    def model(self, dimension):
        shape = lambda name, dims: helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)
        graph = helper.make_graph(self.nodes, "made", [shape("input", [1, 3, 112, 112])], [shape("output", [1, dimension])], self.weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=7)


def mobile_face(seed=1):
    """About 1 M."""
    n = Net(seed)
    x = n.unit("input", 3, 64, stride=2)
    x = n.unit(x, 64, 64, group=64)
    inside = 64
    for wide, outside, count, stride in [(2, 64, 5, 2), (4, 128, 1, 2), (2, 128, 6, 1), (4, 128, 1, 2), (2, 128, 2, 1)]:
        for at in range(count):
            step = stride if at == 0 else 1
            middle = inside * wide
            y = n.unit(x, inside, middle, side=1)
            y = n.unit(y, middle, middle, stride=step, group=middle)
            y = n.norm(n.conv(y, middle, outside, side=1), outside)
            x = n.add("Add", x, y) if step == 1 and inside == outside else y
            inside = outside
    x = n.unit(x, 128, 512, side=1)
    x = n.norm(n.conv(x, 512, 512, side=7, group=512, pad=0), 512)
    n.gemm(n.add("Flatten", x), 512, 128, out="output")
    return n.model(128)


def mobile(seed=2):
    """About 10 M, two thirds of them in the last layer."""
    n = Net(seed)
    x = n.unit("input", 3, 32, stride=1)
    inside = 32
    for outside, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]:
        x = n.unit(x, inside, inside, stride=stride, group=inside)
        x = n.unit(x, inside, outside, side=1)
        inside = outside
    n.gemm(n.add("Flatten", x), 1024 * 49, 128, out="output")
    return n.model(128)


def residual(seed=3):
    """About 44 M."""
    n = Net(seed)
    x = n.unit("input", 3, 64)
    inside = 64
    for outside, count in [(64, 3), (128, 4), (256, 14), (512, 3)]:
        for at in range(count):
            stride = 2 if at == 0 else 1
            y = n.conv(n.norm(x, inside), inside, outside)
            y = n.prelu(n.norm(y, outside), outside)
            y = n.norm(n.conv(y, outside, outside, stride=stride), outside)
            if at == 0:
                x = n.norm(n.conv(x, inside, outside, side=1, stride=2, pad=0), outside)
            x = n.add("Add", x, y)
            inside = outside
    x = n.add("Flatten", n.norm(x, 512))
    n.gemm(x, 512 * 49, 512, out="output")
    return n.model(512)


ALL = {"1 M": mobile_face, "10 M": mobile, "44 M": residual}
