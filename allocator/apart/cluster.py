"""Batches solved by the workers of a Dask cluster that is there already."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from allocator.apart.tasks import Question, answer, forget
from allocator.errors import OutOfTimeError, SolverError, UnreachableError
from allocator.solving.settings import Clock
from allocator.solving.solution import OUT_OF_TIME

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 10
POLL_SECONDS = 0.02
GONE = "The cluster's scheduler does not answer any more; start it again, or leave out --cluster"
NO_WORKERS = "The cluster has no workers; start some with 'dask worker ADDRESS'"


class Cluster:
    """The workers of one scheduler; one that is gone is done without."""

    def __init__(self, address: str) -> None:
        """Raises `UnreachableError` where no scheduler answers, or Dask is not installed."""
        self._client = _connected(address)
        self._owner: dict[tuple[str, int], str] = {}

    def ask(self, questions: Sequence[Question], answered: Callable[[], None]) -> list[Any]:
        """See `allocator.apart.hands.Hands`; also where the scheduler is gone, or all workers are."""
        from distributed.scheduler import KilledWorker

        futures: list[Future] = []
        limits = [question.seconds for question in questions if question.seconds is not None]
        try:
            futures += map(self._submitted, questions)
            clock = Clock(min(limits, default=None))
            self._wait_for(futures, clock, answered)
            # Answers that were still with a worker who is lost are worked out anew by another.
            while lost := [future for future in futures if future.status in {"lost", "pending"}]:
                self._wait_for(lost, clock, _heard_before)
            if any(future.status == "cancelled" for future in futures):
                raise SolverError(GONE)
            return [future.result() for future in futures]
        except KilledWorker as error:
            raise SolverError(
                "Workers of the cluster ended, again and again, at the same batch"
            ) from error
        except OSError as error:
            raise SolverError(GONE) from error
        finally:
            for future in futures:
                future.release()

    def _wait_for(self, futures: Sequence[Future], clock: Clock, answered: Callable[[], None]) -> None:
        """Wait until all are done; raises `SolverError` where nobody is there who could do it."""
        from distributed import as_completed

        done = as_completed(futures, loop=self._client.loop)
        left, heard = len(futures), time.monotonic()
        while left:
            batch = done.next_batch(block=False)
            for _ in batch:
                answered()
            left -= len(batch)
            if clock.left == 0:
                raise OutOfTimeError(OUT_OF_TIME)
            if batch:
                heard = time.monotonic()
            elif time.monotonic() - heard > CONNECT_SECONDS:
                if self._client.status != "running":
                    raise SolverError(GONE)
                if not self._workers():
                    raise SolverError(NO_WORKERS)
                heard = time.monotonic()
            time.sleep(POLL_SECONDS)

    def _submitted(self, question: Question) -> Any:  # noqa: ANN401 (a future)
        workers = self._workers()
        if not workers:
            with suppress(TimeoutError):  # a scheduler that was just asked may not have said yet
                self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
            workers = self._workers()
        if not workers:
            raise SolverError(NO_WORKERS)
        owner = self._owner.get(question.key)
        if owner not in workers:
            owner = self._owner[question.key] = workers[question.key[1] % len(workers)]
        return self._client.submit(
            answer, question, workers=[owner], allow_other_workers=True, pure=False
        )

    def _workers(self) -> list[str]:
        return sorted(self._client.scheduler_info(n_workers=-1)["workers"])

    def forget(self, run: str) -> None:
        """See `allocator.apart.hands.Hands`."""
        self._owner = {key: owner for key, owner in self._owner.items() if key[0] != run}
        with suppress(OSError):
            if self._client.status == "running":
                self._client.run(forget, run, on_error="ignore")

    def close(self) -> None:
        """Part from the scheduler; what is under way there is given up."""
        self._client.close(timeout=1)


def _heard_before() -> None:
    """Of an answer that comes again nobody is told."""


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        message = "--cluster needs Dask; install it with: pip install 'allocator[cluster]'"
        raise UnreachableError(message) from error
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in {"distributed", "tornado", "asyncio"}:  # they say it in their own words
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        # A client that cannot reach anybody takes long to give up, and is told of by Dask after that.
        asyncio.run(asyncio.wait_for(_greeted(address), CONNECT_SECONDS))
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError, MemoryError) as error:  # of MemoryError, see `_greeted`
        message = (
            f"No Dask scheduler answers at '{address}'; is it started, and is the address right? "
            "It looks like tcp://10.0.0.5:8786"
        )
        raise UnreachableError(message) from error


async def _greeted(address: str) -> None:
    """Ask who is there. Raises `ValueError` for one who is no scheduler, `OSError` where nobody is.

    Who speaks another language, such as the scheduler's own page for browsers, seems to announce an
    answer of exabytes: that is a `MemoryError`.
    """
    from distributed import rpc

    async with rpc(address, timeout=CONNECT_SECONDS) as asked:
        if (await asked.identity())["type"] != "Scheduler":
            raise ValueError(address)
