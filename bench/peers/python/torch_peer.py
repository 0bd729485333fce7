"""The PyTorch peer: `torch_peer.py --threads N [--compile]`, spoken to through protocol.py.

For a training step it tries what an expert would try on a CPU (memory format, optimiser variant, compilation mode), each
from the same start, and keeps the fastest. All arithmetic is float32.
"""

import argparse
import itertools
import statistics
import time

import torch

from adversarial import AdversarialStep, dcgan_28, mlp_gan
from game_step import GameStep, game_gigaflop
from games import games
from likelihood import MODELS
from likelihood_step import LikelihoodStep, gigaflop
from protocol import serve
from start_file import Weights, read_start

WARM_UP_STEPS = 10
TRIAL_STEPS = 10
REPORTED_STEPS = (1, 2, 5, 10, 20)
# The step whose loss is compared with Verisim's: of a likelihood, and of a game, where rounding soon makes a difference.
COMPARED_STEPS = 16
COMPARED_GAME_STEPS = 3

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--compile", action="store_true")
options = parser.parse_args()

prepared = {}


def prepare(request):
    name = request["task"]
    prepared.pop(name, None)
    if name.startswith("matmul-"):
        step, answer = prepare_product(int(name.removeprefix("matmul-")))
    elif name in MODELS:
        step, answer = prepare_likelihood(name, request["folder"])
    elif name in games(options.compile):
        step, answer = prepare_game(name, request["folder"])
    else:
        step, answer = prepare_gan(name)
    prepared[name] = step
    return answer


def prepare_product(size):
    torch.manual_seed(0)
    left, right, product = torch.rand(size, size), torch.rand(size, size), torch.empty(size, size)
    multiply = torch.compile(torch.mm) if options.compile else torch.mm

    @torch.inference_mode()
    def step():
        multiply(left, right, out=product)

    for _ in range(WARM_UP_STEPS):
        step()
    return step, {"losses": [], "remarks": []}


def prepare_gan(name):
    formats = [True, False] if name == "dcgan-28" else [None]
    trials = []
    for channels_last, (adam, mode) in itertools.product(formats, variants()):
        torch.manual_seed(0)
        networks = mlp_gan() if channels_last is None else dcgan_28(channels_last)
        step = AdversarialStep(networks, adam, mode)
        losses = first_losses(step)
        label = [] if channels_last is None else ["channels_last" if channels_last else "contiguous"]
        trials.append((trial_time(step), step, losses, label + labels(adam, mode)))
    step, losses, remarks = fastest(trials)
    return step, {"losses": losses, "remarks": remarks}


def prepare_likelihood(name, folder):
    start = read_start(folder)
    make, ways = MODELS[name]
    trials = []
    for way, (adam, mode) in itertools.product(ways, variants()):
        model = make(start, Weights(start["initial"]), **way)
        operations = gigaflop(model)
        step = LikelihoodStep(model, adam, mode)
        for _ in range(COMPARED_STEPS):
            figure = step().item()
        label = [f"{key}={value}" for key, value in way.items()] + labels(adam, mode)
        trials.append((trial_time(step), step, (figure, operations), label))
    step, (figure, operations), remarks = fastest(trials)
    return step, {"losses": [], "remarks": remarks, "figure": figure, "gigaflop": operations}


def prepare_game(name, folder):
    start = read_start(folder)
    make, ways = games(options.compile)[name]

    def trial(way, adam, mode):
        def game():
            return make(start, Weights(start["initial"]), **way)

        operations = game_gigaflop(game())
        step = GameStep(game(), adam, mode)
        for _ in range(COMPARED_GAME_STEPS):
            figure = step().item()
        label = [f"{key}={value}" for key, value in way.items()] + labels(adam, mode)
        return trial_time(step), step, (figure, operations), label, way

    # The ways to write it first: the variants of the optimiser and of compilation are tried for the fastest of them.
    first, *others = variants()
    trials = [trial(way, *first) for way in ways]
    best = min(trials, key=lambda found: found[0])[-1]
    trials += [trial(best, *variant) for variant in others]
    step, (figure, operations), remarks = fastest([found[:-1] for found in trials])
    return step, {"losses": [], "remarks": remarks, "figure": figure, "gigaflop": operations}


def variants():
    """Options of Adam and the mode of torch.compile that are tried."""
    if options.compile:
        return [({"fused": True}, mode) for mode in ("default", "max-autotune")]
    return [(adam, None) for adam in ({"fused": True}, {"foreach": True}, {"foreach": False})]


def labels(adam, mode):
    compiled = [] if mode is None else [f"torch.compile(mode={mode!r})"]
    return [f"Adam({', '.join(f'{key}={value}' for key, value in adam.items())})"] + compiled


def trial_time(step):
    return statistics.median(milliseconds(step, TRIAL_STEPS))


def fastest(trials):
    """Of (milliseconds, step, result, label) the fastest step, its result, and what was tried."""
    trials = sorted(trials, key=lambda trial: trial[0])
    texts = [f"{', '.join(label)}: {median:.1f} ms" for median, _, _, label in trials]
    return trials[0][1], trials[0][2], [f"kept {texts[0]}"] + [f"tried {text}" for text in texts[1:]]


def first_losses(step):
    """Warms up, and shows that the step trains."""
    losses = []
    for number in range(1, max(REPORTED_STEPS) + 1):
        discriminator, generator = step()
        if number in REPORTED_STEPS:
            losses.append({"step": number, "discriminator": discriminator.item(), "generator": generator.item()})
    return losses


def milliseconds(step, repetitions):
    durations = []
    for _ in range(repetitions):
        start = time.perf_counter()
        step()
        durations.append((time.perf_counter() - start) * 1000)
    return durations


def measure(request):
    if request["task"] not in prepared:
        raise RuntimeError(f"task {request['task']!r} is not prepared; ask for 'prepare' first")
    step = prepared[request["task"]]
    # The process was idle: bring caches and threads back.
    for _ in range(2):
        step()
    return milliseconds(step, request["repetitions"])


if __name__ == "__main__":
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    # Recompiling for each variant is wanted; running uncompiled without a word is not.
    torch._dynamo.config.suppress_errors = False
    torch._dynamo.config.fail_on_recompile_limit_hit = True
    torch._dynamo.config.recompile_limit = 64
    serve({"hello": lambda _: {"version": torch.__version__}, "prepare": prepare, "time": measure})
