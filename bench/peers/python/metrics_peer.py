"""The peers that are libraries of metrics: `metrics_peer.py --threads N --library prdc`, spoken to through protocol.py.

Threads are set by the environment, before the libraries are loaded. One process serves one task, so that its peak memory
is that task's.
"""

import argparse
from importlib.metadata import version

from metrics import TASKS
from peak_memory import peak_megabytes
from protocol import serve

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--library", required=True)
options = parser.parse_args()

prepared = {}


def prepare(request):
    call = TASKS[request["task"]](request["folder"])
    seconds, figure = call.run()
    prepared[request["task"]] = call
    return {
        "losses": [],
        "remarks": [],
        "megabytes": peak_megabytes(),
        "firstMs": seconds * 1000,
        "figure": float(figure),
    }


def measure(request):
    if request["task"] not in prepared:
        raise RuntimeError(f"task {request['task']!r} is not prepared; ask for 'prepare' first")
    return [prepared[request["task"]].time() * 1000 for _ in range(request["repetitions"])]


if __name__ == "__main__":
    serve({"hello": lambda _: {"version": version(options.library)}, "prepare": prepare, "time": measure})
