"""The child's side of the peers' protocol: one JSON request per line on stdin, one JSON answer per line on stdout.

The Python twin of serve.ts. Whatever a library prints goes to stderr, so that stdout carries answers only.
"""

import json
import os
import sys
import traceback


def serve(handlers):
    """Answers requests until stdin ends. Waiting for a line blocks in the kernel: an idle child uses no CPU."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"id": request["id"], "result": handlers[request["call"]](request)}
        except Exception as error:
            traceback.print_exc()
            answer = {"id": request["id"], "error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
