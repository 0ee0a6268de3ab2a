"""PyTorch beside deepq: the same file of weights, the same inputs, the same outputs to 1e-5.

usage: torch_same.py FOLDER    with what nn/torch_test.c wrote there: NAME.txt (the layers), NAME.safetensors, NAME.in,
NAME.out (floats); the safetensors file is read by the few lines below, which share nothing with deepq.
"""
import json
import pathlib
import struct
import sys

import numpy
import torch
from torch import nn


def read_safetensors(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    body = data[8 + length:]
    return {name: torch.from_numpy(numpy.frombuffer(body[slice(*entry["data_offsets"])], dtype="<f4").copy()
                                   .reshape(entry["shape"]))
            for name, entry in header.items() if name != "__metadata__"}


def layer_of(words, tensors, index):
    kind, numbers = words[0], [float(word) for word in words[1:]]
    weight = tensors.get(f"{index}.weight")
    if kind == "dense":
        layer = nn.Linear(weight.shape[1], weight.shape[0])
    elif kind == "conv":
        layer = nn.Conv2d(weight.shape[1], weight.shape[0], *map(int, numbers[1:]))
    elif kind == "transposed":
        layer = nn.ConvTranspose2d(weight.shape[0], weight.shape[1], *map(int, numbers[1:]))
    elif kind == "batchnorm":
        layer = nn.BatchNorm2d(weight.shape[0])
    elif kind == "layernorm":
        layer = nn.LayerNorm(weight.shape)
    else:
        layer = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "dropout": nn.Dropout,
                 "leaky": nn.LeakyReLU, "softmax": lambda: nn.Softmax(1),
                 "maxpool": nn.MaxPool2d, "avgpool": nn.AvgPool2d}[kind](
                     *(map(int, numbers) if kind.endswith("pool") else numbers))
    state = {name.split(".", 1)[1]: value for name, value in tensors.items() if name.split(".")[0] == str(index)}
    layer.load_state_dict(state, strict=False)
    return layer.eval()


def check(path):
    text = path.read_text().split("\n")
    channels, height, width, count = map(int, text[1].split())
    tensors = read_safetensors(path.with_suffix(".safetensors"))
    values = torch.from_numpy(numpy.fromfile(path.with_suffix(".in"), dtype="<f4").reshape(count, channels, height, width))
    for index, words in enumerate(text[0].split(", ")):
        if words.split()[0] == "dense":
            values = values.flatten(1)
        values = layer_of(words.split(), tensors, index)(values)
    found = torch.from_numpy(numpy.fromfile(path.with_suffix(".out"), dtype="<f4")).reshape(values.shape)
    off = (found - values).abs().max().item()
    print(f"{path.stem}: off by {off:.2g} of values up to {values.abs().max().item():.2g}")
    return off <= 1e-5 * max(1.0, values.abs().max().item())


with torch.no_grad():
    results = [check(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.txt"))]
sys.exit(0 if results and all(results) else 1)
