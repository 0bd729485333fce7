"""The models trained by maximum likelihood in PyTorch, as ../../likelihood-tasks.ts trains them with Verisim.

Each is a module from a batch (and noise) to its mean loss in nats. Sizes are those of the weights it starts from.
"""

import torch
from torch import nn
from torch.nn import functional as F


class VAE(nn.Module):
    """784-500-500-50 and back with Bernoulli pixels; the divergence in closed form, one code per row."""

    def __init__(self, start, weights):
        super().__init__()
        self.encoder = perceptron([784, 500, 500, 100], "encoder", weights)
        self.decoder = perceptron([50, 500, 500, 784], "decoder", weights)
        self.batches = list(zip(flat(start["pool"]["x"]), start["pool"]["code"]))

    def forward(self, x, noise):
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        code = torch.addcmul(mean, (0.5 * log_variance).exp(), noise)
        reconstruction = F.binary_cross_entropy_with_logits(self.decoder(code), x, reduction="sum")
        divergence = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum()
        return (reconstruction + divergence) / x.shape[0]


class MaskedLinear(nn.Linear):
    """A linear layer of which some weights are zero.

    Either the weight is multiplied by the mask in every pass, as it is usually written, or it starts masked and its gradient
    is masked, so that it stays so.
    """

    def __init__(self, mask, keeps):
        super().__init__(mask.shape[1], mask.shape[0])
        self.keeps = keeps
        self.register_buffer("mask", mask)

    def forward(self, x):
        return F.linear(x, self.weight if self.keeps else self.weight * self.mask, self.bias)

    def mask_gradient(self):
        if self.keeps:
            self.weight.grad.mul_(self.mask)


class MADE(nn.Module):
    """One hidden layer of rectifiers, one set of masks, Bernoulli pixels."""

    def __init__(self, start, weights, keeps=False):
        super().__init__()
        places, degrees = start["others"]["places"], start["others"]["degrees"]
        sees = (degrees[:, None] >= places[None, :]).float()
        acts = (places[:, None] > degrees[None, :]).float()
        self.hidden = weights.into(MaskedLinear(sees, keeps), "hidden1")
        self.output = weights.into(MaskedLinear(acts, keeps), "output")
        self.batches = [(x,) for x in flat(start["pool"]["x"])]

    def forward(self, x):
        logits = self.output(F.relu(self.hidden(x)))
        return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / x.shape[0]

    def after_backward(self):
        self.hidden.mask_gradient()
        self.output.mask_gradient()


class PixelCNN(nn.Module):
    """The gated PixelCNN with both stacks; filters cover only what may be seen, so nothing is multiplied by zero."""

    LAYERS, FILTERS, HEAD = 6, 32, 64
    # The gradient is that of nats per pixel.
    loss_scale = 1 / 784
    clip_norm = 1.0
    average = 0.999

    def __init__(self, start, weights, channels_last=True):
        super().__init__()
        self.vertical, self.horizontal, self.link, self.out = (nn.ModuleList() for _ in range(4))
        for layer in range(self.LAYERS + 1):
            inputs = 2 if layer == 0 else self.FILTERS
            rows, across, left = (3, 7, 3) if layer == 0 else (2, 3, 2)
            gated = 2 * self.FILTERS

            def conv(name, inputs, outputs, kernel, bias):
                module = nn.Conv2d(inputs, outputs, kernel, bias=bias)
                return weights.into(module, f"pixelcnn/layer{layer}/{name}")

            self.vertical.append(conv("vertical", inputs, gated, (rows, across), True))
            self.horizontal.append(conv("horizontal", inputs, gated, (1, left), True))
            self.link.append(conv("link", gated, gated, 1, False))
            self.out.append(conv("out", self.FILTERS, self.FILTERS, 1, False))
        self.head_hidden = weights.into(nn.Conv2d(self.FILTERS, self.HEAD, 1), "pixelcnn/head0/hidden")
        self.head_output = weights.into(nn.Conv2d(self.HEAD, 1, 1), "pixelcnn/head0/output")
        memory_format = torch.channels_last if channels_last else torch.contiguous_format
        self.to(memory_format=memory_format)
        images = start["pool"]["x"].permute(0, 1, 4, 2, 3)
        self.batches = [(x.contiguous(memory_format=memory_format),) for x in images]

    def forward(self, x):
        # A channel of ones tells image from border.
        vertical = horizontal = torch.cat([2 * x - 1, torch.ones_like(x)], dim=1)
        for layer in range(self.LAYERS + 1):
            if layer == 0:
                # The pixel itself must not be seen: the image moves down by a row, and to the right by a column.
                above = self.vertical[layer](F.pad(vertical[:, :, :-1], (3, 3, 3, 0)))
                left = self.horizontal[layer](F.pad(horizontal[:, :, :, :-1], (3, 0, 0, 0)))
            else:
                above = self.vertical[layer](F.pad(vertical, (1, 1, 1, 0)))
                left = self.horizontal[layer](F.pad(horizontal, (1, 0, 0, 0)))
            out = self.out[layer](gate(left + self.link[layer](above)))
            horizontal = out if layer == 0 else horizontal + out
            if layer < self.LAYERS:
                vertical = gate(above)
        logits = self.head_output(F.relu(self.head_hidden(F.relu(horizontal))))
        return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / x.shape[0]


def gate(x):
    signal, opening = x.chunk(2, dim=1)
    return torch.tanh(signal) * torch.sigmoid(opening)


def perceptron(sizes, name, weights):
    """Linear layers with rectifiers between them."""
    layers = []
    for number, (inputs, outputs) in enumerate(zip(sizes, sizes[1:]), start=1):
        is_last = number == len(sizes) - 1
        layers.append(weights.into(nn.Linear(inputs, outputs), f"{name}/{'output' if is_last else f'hidden{number}'}"))
        if not is_last:
            layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


def flat(pool):
    """[steps, batch, 28, 28, 1] as a batch of rows for each step."""
    return pool.reshape(*pool.shape[:2], -1).unbind()


# The models by task, with the ways to write them that are tried.
MODELS = {
    "vae-dense": (VAE, [{}]),
    "made-500": (MADE, [{"keeps": False}, {"keeps": True}]),
    "made-8000": (MADE, [{"keeps": False}, {"keeps": True}]),
    "pixelcnn-28": (PixelCNN, [{"channels_last": True}, {"channels_last": False}]),
}
