"""The most memory that this process ever had resident, in megabytes of 10^6 bytes; the twin of peak-memory.ts."""

import re
import resource
import sys


def peak_megabytes():
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s*(\d+) kB", status.read()).group(1)) * 1024 / 1e6
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
