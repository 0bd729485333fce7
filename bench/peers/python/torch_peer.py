"""The PyTorch peer: `torch_peer.py --threads N [--compile]`, spoken to through protocol.py.

For an adversarial step it tries what an expert would try on a CPU (memory format, optimiser variant, compilation mode), each
from the same seed, and keeps the fastest. All arithmetic is float32.
"""

import argparse
import itertools
import statistics
import time

import torch

from adversarial import AdversarialStep, dcgan_28, mlp_gan
from protocol import serve

WARM_UP_STEPS = 10
TRIAL_STEPS = 10
REPORTED_STEPS = (1, 2, 5, 10, 20)

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
    if options.compile:
        variants = [({"fused": True}, mode) for mode in ("default", "max-autotune")]
    else:
        variants = [(adam, None) for adam in ({"fused": True}, {"foreach": True}, {"foreach": False})]
    trials = []
    for channels_last, (adam, mode) in itertools.product(formats, variants):
        torch.manual_seed(0)
        networks = mlp_gan() if channels_last is None else dcgan_28(channels_last)
        step = AdversarialStep(networks, adam, mode)
        losses = first_losses(step)
        median = statistics.median(milliseconds(step, TRIAL_STEPS))
        label = [] if channels_last is None else ["channels_last" if channels_last else "contiguous"]
        label += [f"Adam({', '.join(f'{key}={value}' for key, value in adam.items())})"]
        label += [] if mode is None else [f"torch.compile(mode={mode!r})"]
        trials.append((median, step, losses, f"{', '.join(label)}: {median:.1f} ms"))
    trials.sort(key=lambda trial: trial[0])
    _, step, losses, label = trials[0]
    return step, {"losses": losses, "remarks": [f"kept {label}"] + [f"tried {trial[3]}" for trial in trials[1:]]}


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
    serve({"hello": lambda _: {"version": torch.__version__}, "prepare": prepare, "time": measure})
