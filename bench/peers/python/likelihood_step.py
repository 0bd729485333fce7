"""One training step by maximum likelihood: forward, backward, whatever the model asks for, Adam."""

import torch
from torch.utils.flop_counter import FlopCounterMode


class LikelihoodStep:
    """A callable that makes one training step and returns the loss as a tensor of one number.

    `adam` holds further options of the optimiser, `mode` the mode of torch.compile; without one nothing is compiled.
    """

    def __init__(self, model, adam, mode):
        self.model = model
        self.weights = list(model.parameters())
        self.adam = torch.optim.Adam(self.weights, lr=1e-3, **adam)
        self.loss = model if mode is None else torch.compile(model, mode=mode)
        self.scale = getattr(model, "loss_scale", 1.0)
        self.clip_norm = getattr(model, "clip_norm", None)
        self.average = getattr(model, "average", None)
        self.averages = [weight.detach().clone() for weight in self.weights]
        self.after_backward = getattr(model, "after_backward", None)
        self.steps = 0

    def __call__(self):
        loss = self.loss(*self.model.batches[self.steps % len(self.model.batches)])
        self.steps += 1
        self.adam.zero_grad(set_to_none=True)
        (loss * self.scale).backward()
        if self.after_backward is not None:
            self.after_backward()
        if self.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_(self.weights, self.clip_norm, foreach=True)
        self.adam.step()
        if self.average is not None:
            kept = min((1 + self.steps) / (10 + self.steps), self.average)
            with torch.no_grad():
                torch._foreach_lerp_(self.averages, [weight.detach() for weight in self.weights], 1 - kept)
        return loss.detach()


def gigaflop(model):
    """Operations of the products and convolutions of a forward and a backward pass, as PyTorch counts them."""
    with FlopCounterMode(display=False) as counter:
        model(*model.batches[0]).backward()
    model.zero_grad(set_to_none=True)
    return counter.get_total_flops() / 1e9
