"""What a user would run instead of ssrm, timed on request.

`benchmarks` starts this program and writes to it: `prepare NAME`, `run NAME`, `forget NAME`, `versions`. Each line is
answered with a line of JSON. Inputs lie in the folder that is the first argument; the second is the number of threads,
the third `plain` or `tuned`.
"""
import json
import os
import resource
import subprocess
import sys
import time
import warnings

import common
import clusters
import models
import pretraining
import sequences
import signals
import views
import whole

import mne
import numpy as np
import scipy
import sklearn
import torch

warnings.filterwarnings("ignore")


def start():
    def work():
        subprocess.run([sys.executable, "-c", "import torch"], check=True)
        return 0

    return work


WORKS = {"help": start}
for module in (clusters, models, pretraining, sequences, signals, views, whole):
    WORKS |= module.WORKS


def processor_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def timed(work, calls):
    clock, processor = time.perf_counter(), processor_seconds()
    for _ in range(calls):
        check = work()
    elapsed, used = time.perf_counter() - clock, processor_seconds() - processor
    return {"seconds": elapsed / calls, "processorSeconds": used / calls, "check": float(check)}


def calls(work):
    """How many calls take a time that a clock can tell; what is compiled is compiled in the first ones."""
    for _ in range(3 if common.TUNED else 1):
        work()
    return max(1, min(200, int(0.1 / timed(work, 1)["seconds"])))


def main():
    # Answers have standard output for themselves, whatever a library prints.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    works = {}
    for line in sys.stdin:
        command, *names = line.split()
        try:
            answer = {}
            if command == "versions":
                modules = {"PyTorch": torch, "NumPy": np, "SciPy": scipy, "MNE": mne, "scikit-learn": sklearn}
                answer["versions"] = ", ".join(f"{name} {module.__version__}" for name, module in modules.items())
            elif command == "prepare":
                common.notes.clear()
                work = WORKS[names[0]]()
                works[names[0]] = work, 1 if names[0] in whole.WORKS else calls(work)
                if common.notes:
                    answer["note"] = "; ".join(common.notes)
            elif command == "run":
                answer = timed(*works[names[0]])
            elif command == "forget":
                del works[names[0]]
                torch.compiler.reset()
        except Exception as error:
            answer = {"error": f"{line.strip()}: {type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")


main()
