"""The two adversarial training steps in PyTorch, written for speed on a CPU. Sizes are those of tasks.ts.

One step: the discriminator's update on a real and a fake batch (two passes, each with its own batch statistics), then
the generator's non-saturating update through the updated discriminator. The generator runs forward once.
"""

import torch
from torch import nn
from torch.nn.functional import softplus

from game_turn import play_turn

BATCH, LATENT, POOL = 64, 100, 16


class ToImage(nn.Module):
    """[N, 7*7*128] seen as [N, 128, 7, 7] in the wanted memory format, without a copy."""

    def __init__(self, channels_last):
        super().__init__()
        self.channels_last = channels_last

    def forward(self, x):
        return x.view(-1, 7, 7, 128).permute(0, 3, 1, 2) if self.channels_last else x.view(-1, 128, 7, 7)


class ToRows(nn.Module):
    """[N, 128, 7, 7] seen as [N, 7*7*128], the inverse of ToImage."""

    def __init__(self, channels_last):
        super().__init__()
        self.channels_last = channels_last

    def forward(self, x):
        return (x.permute(0, 2, 3, 1) if self.channels_last else x).reshape(-1, 7 * 7 * 128)


def dcgan_28(channels_last):
    """The convolutional pair on images [N, 1, 28, 28], weights from N(0, 0.02) as in the DCGAN paper."""
    generator = nn.Sequential(
        nn.Linear(LATENT, 7 * 7 * 128, bias=False),
        ToImage(channels_last),
        nn.BatchNorm2d(128),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(inplace=True),
        nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1),
        nn.Sigmoid(),
    )
    discriminator = nn.Sequential(
        nn.Conv2d(1, 64, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(64, 128, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(128),
        nn.LeakyReLU(0.2, inplace=True),
        ToRows(channels_last),
        nn.Linear(7 * 7 * 128, 1),
    )
    for network in (generator, discriminator):
        for parameter in network.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0.0, 0.02)
        if channels_last:
            network.to(memory_format=torch.channels_last)
    return generator, discriminator, (1, 28, 28)


def mlp_gan():
    """The fully connected pair on rows [N, 784]."""

    def layers(sizes, output):
        parts = []
        for inputs, outputs in zip(sizes, sizes[1:]):
            parts += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2, inplace=True)]
        return nn.Sequential(*parts[:-1], *output)

    return layers([LATENT, 256, 512, 1024, 784], [nn.Sigmoid()]), layers([784, 1024, 512, 256, 1], []), (784,)


class AdversarialStep:
    """A callable that makes one training step and returns the two losses as tensors of one number.

    `adam` holds further options of the optimiser, `mode` the mode of torch.compile; without one nothing is compiled.
    """

    def __init__(self, networks, adam, mode):
        self.generator, discriminator, shape = networks
        self.weights = list(discriminator.parameters())
        self.discriminator_adam = torch.optim.Adam(self.weights, lr=2e-4, betas=(0.5, 0.999), **adam)
        self.generator_adam = torch.optim.Adam(self.generator.parameters(), lr=2e-4, betas=(0.5, 0.999), **adam)
        self.pool = [torch.rand(BATCH, *shape) for _ in range(POOL)]
        self.position = 0

        # Binary cross-entropy on logits: softplus(-x) for the label "real", softplus(x) for "fake".
        def discriminator_loss(real, fake):
            return softplus(-discriminator(real)).mean() + softplus(discriminator(fake)).mean()

        def generator_loss(fake):
            return softplus(-discriminator(fake)).mean()

        self.generate, self.discriminator_loss, self.generator_loss = (
            function if mode is None else torch.compile(function, mode=mode)
            for function in (self.generator, discriminator_loss, generator_loss)
        )

    def __call__(self):
        real = self.pool[self.position]
        self.position = (self.position + 1) % POOL
        fake = self.generate(torch.randn(BATCH, LATENT))
        return play_turn(self, real, fake)
