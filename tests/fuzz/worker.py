"""A process that makes its share of the mutations: `python -m tests.fuzz.worker` with JSON.

It writes a line for each job before and after, so that whoever started it knows which job it died
of, and goes on behind it.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.fuzz.result import Outcome, Result

ROOT = Path(__file__).parents[2]
DEAD = 300.0
"""Seconds of silence after which a worker that does not even take a signal is ended."""


@dataclass(frozen=True)
class Order:
    """What a run is to do.

    Args:
        campaign: `plans` or `policies`.
        seed: of the dice.
        count: how many mutations, at least.
        few: whether only a part of the sources is loaded.
        share: this worker's number.
        workers: how many there are.
        begin: the first of its jobs.
        campaign_file: the campaign, made once for all workers.
    """

    campaign: str
    seed: int
    count: int
    few: bool
    share: int = 0
    workers: int = 1
    begin: int = 0
    campaign_file: str = ""


def campaign_of(order: Order) -> Any:  # noqa: ANN401 - `Plans` or `Policies`
    """The campaign that an order names."""
    if order.campaign == "plans":
        from tests.fuzz.plans import Plans  # noqa: PLC0415 - each loads its own sources

        return Plans(order.seed, few=order.few)
    from tests.fuzz.policies import Policies  # noqa: PLC0415 - each loads its own sources

    return Policies(order.seed, few=order.few)


def run(order: Order) -> list[Result]:
    """Let all workers of a run work, and gather what they found, in the order of the jobs."""
    found: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "campaign")
        with file.open("wb") as stream:
            pickle.dump(campaign_of(order), stream)
        orders = [
            replace(order, share=share, campaign_file=str(file)) for share in range(order.workers)
        ]
        threads = [threading.Thread(target=_follow, args=(one, found)) for one in orders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return sorted(found, key=lambda result: result.number)


def _follow(order: Order, found: list[Result]) -> None:
    """Start a worker, and another one behind each job that one died of."""
    while True:
        running: Sequence[Any] = ()
        done = False
        command = [sys.executable, "-m", "tests.fuzz.worker", json.dumps(order.__dict__)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            alive = _guarded(process)
            for line in process.stdout:
                alive.set()
                message = json.loads(line)
                if "begin" in message:
                    running = message["begin"]
                elif "result" in message:
                    running = ()
                    found.append(Result.from_dict(message["result"]))
                else:
                    done = True
        if done:
            return
        if not running:
            found.append(Result("", "", "", Outcome.CRASH, why="a worker could not begin"))
            return
        number, at, kind, subject = running
        found.append(Result(kind, subject, "", Outcome.HANG, why="the process died", number=number))
        order = replace(order, begin=at + 1)


def _guarded(process: subprocess.Popen[str]) -> threading.Event:
    """An event to be set for each sign of life; the process is ended when none comes."""
    alive = threading.Event()

    def guard() -> None:
        while process.poll() is None:
            alive.clear()
            if not alive.wait(DEAD):
                process.kill()

    threading.Thread(target=guard, daemon=True).start()
    return alive


def main(text: str) -> None:
    """Work."""
    from tests.fuzz.watch import watched  # noqa: PLC0415 - takes signals of this process only

    order = Order(**json.loads(text))
    with Path(order.campaign_file).open("rb") as stream:
        campaign = pickle.load(stream)  # noqa: S301 - written by `run`, in a folder of its own
    jobs = campaign.jobs(order.count)
    mine = range(order.share, len(jobs), order.workers)
    for at in range(order.begin, len(mine)):
        job = jobs[mine[at]]
        _say({"begin": [mine[at], at, job[0], job[1]]})
        result = replace(watched(campaign, job), number=mine[at])
        _say({"result": result.as_dict()})
    _say({"done": True})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
