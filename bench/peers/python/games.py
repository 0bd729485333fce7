"""The games that ../../game-tasks.ts measures, in PyTorch: networks, and what both players minimise.

Each is a module with a generator and a discriminator, filled with Verisim's initial weights, and two losses: the
discriminator's of real rows, samples and further noise, the generator's of samples.
"""

import torch
from torch import nn
from torch.nn import functional as F


class Game(nn.Module):
    """What all have in common: batches and noise in turn, in the memory format of the networks."""

    adam = {}

    def __init__(self, start, channels_last):
        super().__init__()
        self.memory_format = torch.channels_last if channels_last else torch.contiguous_format
        pool = start["pool"]
        # Verisim's rows are images [H, W, C] in [0, 1].
        images = (2 * pool["x"] - 1).permute(0, 1, 4, 2, 3)
        images = [x.contiguous(memory_format=self.memory_format) for x in images]
        others = [pool[name] for name in self.further_noise]
        self.turns = list(zip(images, pool["z"], *others))

    further_noise = ()

    def generator_loss(self, fake):
        return -self.judge(fake).mean()

    def judge(self, x):
        return self.discriminator(x)


class ToImage(nn.Module):
    """[N, H * W * C] as [N, C, H, W]; the numbers of a pixel lie together, as Verisim has them."""

    def __init__(self, height, width, channels, memory_format):
        super().__init__()
        self.shape, self.memory_format = (height, width, channels), memory_format

    def forward(self, x):
        return x.view(-1, *self.shape).permute(0, 3, 1, 2).contiguous(memory_format=self.memory_format)


class ToRows(nn.Module):
    """[N, C, H, W] as [N, H * W * C], the inverse of ToImage."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


class WGAN(Game):
    """The preset wgan-gp's networks on 28x28x1 without the penalty."""

    adam = {"lr": 1e-4, "betas": (0.0, 0.9)}

    def __init__(self, start, weights, channels_last=True):
        super().__init__(start, channels_last)

        def fill(name, module):
            return weights.into(module, name)

        self.generator = nn.Sequential(
            fill("generator/project", nn.Linear(100, 7 * 7 * 128, bias=False)),
            ToImage(7, 7, 128, self.memory_format),
            weights.norm(nn.BatchNorm2d(128), "generator/norm0"),
            nn.ReLU(inplace=True),
            fill("generator/up1", nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1, bias=False)),
            weights.norm(nn.BatchNorm2d(64), "generator/norm1"),
            nn.ReLU(inplace=True),
            fill("generator/up2", nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1)),
            nn.Tanh(),
        )
        self.discriminator = nn.Sequential(
            fill("discriminator/down1", nn.Conv2d(1, 64, 4, stride=2, padding=1, bias=False)),
            nn.LeakyReLU(0.2),
            fill("discriminator/down2", nn.Conv2d(64, 128, 4, stride=2, padding=1, bias=False)),
            weights.norm(nn.GroupNorm(1, 128), "discriminator/norm2"),
            nn.LeakyReLU(0.2),
            ToRows(),
            fill("discriminator/logit", nn.Linear(7 * 7 * 128, 1)),
        )
        self.to(memory_format=self.memory_format)

    def discriminator_loss(self, real, fake):
        on_real, on_fake = self.judge(torch.cat([real, fake])).chunk(2)
        return on_fake.mean() - on_real.mean()


class WGANGP(WGAN):
    """With the gradient penalty: (slope - 1)^2 between real rows and samples, ten times."""

    further_noise = ("interpolation1",)

    def __init__(self, start, weights, channels_last=True, functional=False):
        super().__init__(start, weights, channels_last)
        self.functional = functional

    def discriminator_loss(self, real, fake, share):
        between = fake + share * (real - fake)
        if self.functional:
            (slope,) = torch.func.vjp(self.judge, between)[1](torch.ones(len(between), 1))
        else:
            between.requires_grad_()
            (slope,) = torch.autograd.grad(self.judge(between).sum(), between, create_graph=True)
        length = (slope.square().sum(dim=(1, 2, 3)) + 1e-12).sqrt()
        return super().discriminator_loss(real, fake) + 10 * (length - 1).square().mean()


class SNGAN(Game):
    """Residual networks of SNGAN on 32x32x3, hinge losses, spectrally normalised weights in the discriminator.

    A convolution and the change of resolution beside it are two steps, as they are usually written, or merged into one
    of fewer operations, as Verisim does it.
    """

    adam = {"lr": 2e-4, "betas": (0.0, 0.9)}

    def __init__(self, start, weights, channels_last=True, merged=True):
        super().__init__(start, channels_last)
        filters = weights.initial["generator/output/weight"].shape[2]

        def up(name):
            return Up(weights, name, filters, merged)

        self.generator = nn.Sequential(
            weights.into(nn.Linear(128, 4 * 4 * filters), "generator/project"),
            ToImage(4, 4, filters, self.memory_format),
            *(up(f"generator/up{level}") for level in (1, 2, 3)),
            weights.norm(nn.BatchNorm2d(filters), "generator/norm"),
            nn.ReLU(inplace=True),
            weights.into(nn.Conv2d(filters, 3, 3, padding=1), "generator/output"),
            nn.Tanh(),
        )
        blocks = ["down1", "down2", "look1", "look2"]
        self.blocks = nn.ModuleList(Down(weights, f"discriminator/{name}", name, merged) for name in blocks)
        self.logit = Spectral(weights, "discriminator/logit")
        self.discriminator = nn.ModuleList([self.blocks, self.logit])
        self.to(memory_format=self.memory_format)

    def judge(self, x, keeps=False):
        for block in self.blocks:
            x = block(x, keeps)
        return F.linear(F.relu(x).sum(dim=(2, 3)), self.logit(keeps), self.logit.bias)

    def discriminator_loss(self, real, fake):
        on_real, on_fake = self.judge(torch.cat([real, fake]), keeps=True).chunk(2)
        return F.relu(1 - on_real).mean() + F.relu(1 + on_fake).mean()


class Up(nn.Module):
    """The generator's block: twice the height and width."""

    def __init__(self, weights, name, filters, merged):
        super().__init__()
        self.merged = merged
        self.norm1 = weights.norm(nn.BatchNorm2d(filters), f"{name}/body/norm1")
        self.conv1 = weights.into(nn.Conv2d(filters, filters, 3, padding=1), f"{name}/body/conv1")
        self.norm2 = weights.norm(nn.BatchNorm2d(filters), f"{name}/body/norm2")
        self.conv2 = weights.into(nn.Conv2d(filters, filters, 3, padding=1), f"{name}/body/conv2")
        self.projection = weights.into(nn.Conv2d(filters, filters, 1), f"{name}/projection/conv")

    def forward(self, x):
        h = F.relu(self.norm1(x))
        if self.merged:
            filters = over_shifts(self.conv1.weight.flip(2, 3)).transpose(0, 1)
            h = F.conv_transpose2d(h, filters, self.conv1.bias, stride=2, padding=1)
        else:
            h = self.conv1(F.interpolate(h, scale_factor=2))
        h = self.conv2(F.relu(self.norm2(h)))
        return F.interpolate(self.projection(x), scale_factor=2) + h


class Down(nn.Module):
    """The discriminator's block: half the height and width, or the same."""

    def __init__(self, weights, name, kind, merged):
        super().__init__()
        self.merged, self.pools, self.starts_with_relu = merged, kind.startswith("down"), kind != "down1"
        self.conv1 = Spectral(weights, f"{name}/body/conv1")
        self.conv2 = Spectral(weights, f"{name}/body/conv2")
        self.projection = Spectral(weights, f"{name}/projection/conv") if self.pools else None

    def forward(self, x, keeps):
        h = F.relu(x) if self.starts_with_relu else x
        h = F.relu(F.conv2d(h, self.conv1(keeps), self.conv1.bias, padding=1))
        filters = self.conv2(keeps)
        if self.pools and self.merged:
            h = F.conv2d(h, over_shifts(filters) / 4, self.conv2.bias, stride=2, padding=1)
        else:
            h = F.conv2d(h, filters, self.conv2.bias, padding=1)
        if not self.pools:
            return x + h
        if not self.merged:
            h = F.avg_pool2d(h, 2)
        return F.conv2d(F.avg_pool2d(x, 2), self.projection(keeps), self.projection.bias) + h


class Spectral(nn.Module):
    """A weight divided by its largest singular value, which one step of the power iteration finds from the last vector."""

    def __init__(self, weights, name):
        super().__init__()
        value = weights.initial[f"{name}/weight"]
        value = value.permute(3, 2, 0, 1) if value.dim() == 4 else value.t()
        self.weight = nn.Parameter(value.clone(memory_format=torch.contiguous_format))
        self.bias = nn.Parameter(weights.initial[f"{name}/bias"].clone())
        self.register_buffer("vector", weights.initial[f"{name}/singularVector"].clone())

    def forward(self, keeps):
        matrix = self.weight.flatten(1)
        with torch.no_grad():
            v = F.normalize(matrix.t() @ self.vector, dim=0, eps=1e-12)
            u = F.normalize(matrix @ v, dim=0, eps=1e-12)
            if keeps:
                self.vector.copy_(u)
        return self.weight / torch.dot(u, matrix @ v)


def over_shifts(filters):
    """The sum of filters [F, C, k, k] moved by none or one place down and right: [F, C, k + 1, k + 1]."""
    rows = F.pad(filters, (0, 0, 0, 1)) + F.pad(filters, (0, 0, 1, 0))
    return F.pad(rows, (0, 1)) + F.pad(rows, (1, 0))


def games(compiles):
    """The games by task, with the ways to write them that are tried: a compiled penalty has to be written functionally."""
    formats = [{"channels_last": True}, {"channels_last": False}]
    penalties = [{"functional": True}] if compiles else [{"functional": False}]
    return {
        "wgan-28": (WGAN, formats),
        "wgan-gp-28": (WGANGP, [{**way, **penalty} for way in formats for penalty in penalties]),
        "sngan-32": (SNGAN, [{**way, "merged": merged} for way in formats for merged in (True, False)]),
    }
