"""Stages side by side: Odoo uses one core, a machine has more. What needs the machine for itself runs last, alone."""

import os
from concurrent.futures import ThreadPoolExecutor

from . import console
from .running import run_stage

LANES = min(2, os.cpu_count() or 1)


def run_all(stages, context):
    """Run the stages; return their results in the order of the list."""
    results = {}

    def run(stage):
        results[stage] = run_stage(stage, context)

    shared = [stage for stage in stages if not getattr(stage, "exclusive", False)]
    with ThreadPoolExecutor(LANES) as pool:
        try:
            for done in [pool.submit(run, stage) for stage in shared]:
                done.result()
        except BaseException:  # the person wants to stop: so do the programs that the lanes wait for
            console.end_all()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for stage in stages:
        if stage not in shared:
            run(stage)
    return [results[stage] for stage in stages]
