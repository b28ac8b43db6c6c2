"""What the service counts, in the text format of Prometheus."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from codemod.bot.service.board import Board
from codemod.bot.service.jobs import Job, Phase, Result


class Metrics:
    """Counters of this process, and what the store says when it is asked."""

    def __init__(self, board: Board) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Store(board))
        self._webhooks = Counter(
            "wfix_bot_webhooks",
            "Webhooks that this process answered, by the status of the answer.",
            ("status",),
            registry=self._registry,
        )

    def count_webhook(self, status: int) -> None:
        """One more webhook was answered."""
        self._webhooks.labels(str(status)).inc()

    def text(self) -> bytes:
        """All of it, as it is now."""
        return generate_latest(self._registry)


class _Store(Collector):
    """What all who share the store have done, and have to do."""

    def __init__(self, board: Board, clock: Callable[[], float] = time.time) -> None:
        self._board = board
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        """Nothing: to be registered must not ask the store."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        jobs = list(self._board.jobs())
        yield _by_phase(jobs)
        yield self._by_result()
        waits = [self._clock() - job.due for job in jobs if job.phase is Phase.QUEUED]
        oldest = GaugeMetricFamily(
            "wfix_bot_longest_wait_seconds", "How long the job that waits longest could have run."
        )
        oldest.add_metric((), max(0.0, *waits, 0.0))
        yield oldest
        messages = GaugeMetricFamily("wfix_bot_messages", "Messages in the queue.")
        messages.add_metric((), self._board.queue.huey.pending_count())
        yield messages

    def _by_result(self) -> Metric:
        family = CounterMetricFamily(
            "wfix_bot_runs", "Runs that ended, by what became of them.", labels=("result",)
        )
        for result in Result:
            family.add_metric((result,), self._board.queue.add(result, 0))
        return family


def _by_phase(jobs: list[Job]) -> Metric:
    family = GaugeMetricFamily(
        "wfix_bot_jobs", "Repositories, by where their job stands.", labels=("phase",)
    )
    tally = Tally(job.phase for job in jobs)
    for phase in Phase:
        family.add_metric((phase,), tally[phase])
    return family
