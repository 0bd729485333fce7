"""One step of a game: the discriminator's update, then the generator's through the updated discriminator.

The generator runs forward once: its update takes the samples that the discriminator has seen.
"""

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from game_turn import play_turn


class GameStep:
    """A callable that makes one training step and returns the sum of all losses as a tensor of one number.

    `adam` holds further options of the optimiser, `mode` the mode of torch.compile; without one nothing is compiled.
    """

    def __init__(self, game, adam, mode):
        self.turns = game.turns
        self.weights = list(game.discriminator.parameters())
        self.discriminator_adam = torch.optim.Adam(self.weights, **game.adam, **adam)
        self.generator_adam = torch.optim.Adam(game.generator.parameters(), **game.adam, **adam)
        self.generate, self.discriminator_loss, self.generator_loss = (
            function if mode is None else torch.compile(function, mode=mode)
            for function in (game.generator, game.discriminator_loss, game.generator_loss)
        )
        self.steps = 0

    def __call__(self):
        real, z, *noise = self.turns[self.steps % len(self.turns)]
        self.steps += 1
        fake = self.generate(z)
        discriminator_loss, generator_loss = play_turn(self, real, fake, *noise)
        return discriminator_loss.detach() + generator_loss.detach()


class Operations(TorchDispatchMode):
    """Counts as FlopCounterMode does, which cannot follow torch.autograd.grad."""

    total = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if func.overloadpacket in flop_registry:
            self.total += flop_registry[func.overloadpacket](*args, **(kwargs or {}), out_val=result)
        return result


def game_gigaflop(game):
    """Operations of the products and convolutions of a step, derivatives of derivatives among them, as PyTorch counts them."""
    step = GameStep(game, {}, None)
    with Operations() as counter:
        step()
    return counter.total / 1e9
