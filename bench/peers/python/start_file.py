"""What a step starts from, as step-work.ts writes it: a safetensors file of weights, batches, noise and constants."""

import json
import os
import struct

import numpy as np
import torch


def read_start(folder):
    """The tensors by part: {"initial": {name: tensor}, "pool": ..., "others": ...}."""
    with open(os.path.join(folder, "start.safetensors"), "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        body = file.read()
    parts = {"initial": {}, "pool": {}, "others": {}}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        part, key = name.split("/", 1)
        numbers = np.frombuffer(body[begin:end], np.float32).reshape(entry["shape"])
        parts[part][key] = torch.from_numpy(numbers.copy())
    return parts


class Weights:
    """Verisim's initial weights, put into modules: it keeps [inputs, outputs] and [height, width, inputs, outputs]."""

    def __init__(self, initial):
        self.initial = initial

    @torch.no_grad()
    def into(self, module, name, bias=None):
        """Fills a linear layer or a convolution; `bias` where it goes by another name."""
        value = self.initial[f"{name}/weight"]
        value = value.permute(3, 2, 0, 1) if value.dim() == 4 else value.t()
        module.weight.copy_(value.reshape(module.weight.shape))
        if module.bias is not None:
            module.bias.copy_(self.initial[bias or f"{name}/bias"])
        return module

    @torch.no_grad()
    def norm(self, module, name):
        """Fills the scale and the bias of a norm."""
        module.weight.copy_(self.initial[f"{name}/scale"])
        module.bias.copy_(self.initial[f"{name}/bias"])
        return module
