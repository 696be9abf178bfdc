"""Batches solved by the workers of a Dask cluster that is there already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from allocator.apart.tasks import Question, answer, forget
from allocator.errors import SolverError, UnreachableError
from allocator.solving.solution import OUT_OF_TIME

if TYPE_CHECKING:
    from distributed import Client

CONNECT_SECONDS = 10


class Cluster:
    """The workers of one scheduler; one that is gone is done without."""

    def __init__(self, address: str) -> None:
        """Raises `UnreachableError` where no scheduler answers, or Dask is not installed."""
        self._client = _connected(address)
        self._owner: dict[tuple[str, int], str] = {}

    def ask(self, questions: Sequence[Question], answered: Callable[[], None]) -> list[Any]:
        """See `allocator.apart.hands.Hands`."""
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        futures = [self._submitted(question) for question in questions]
        limits = [question.seconds for question in questions if question.seconds is not None]
        try:
            for _ in as_completed(futures, loop=self._client.loop, timeout=min(limits, default=None)):
                answered()
            return [future.result() for future in futures]
        except TimeoutError as error:
            raise SolverError(OUT_OF_TIME) from error
        except KilledWorker as error:
            raise SolverError(
                "Workers of the cluster ended, again and again, at the same batch"
            ) from error
        finally:
            for future in futures:
                future.release()

    def _submitted(self, question: Question) -> Any:  # noqa: ANN401 (a future)
        workers = self._workers()
        if not workers:
            with suppress(TimeoutError):  # a scheduler that was just asked may not have said yet
                self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
            workers = self._workers()
        if not workers:
            raise SolverError("The cluster has no workers; start some with 'dask worker ADDRESS'")
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
        self._client.run(forget, run, on_error="ignore")

    def close(self) -> None:
        """Part from the scheduler; what is under way there is given up."""
        self._client.close(timeout=1)


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        message = "--cluster needs Dask; install it with: pip install 'allocator[cluster]'"
        raise UnreachableError(message) from error
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        message = f"No Dask scheduler answers at {address}; is it started, and is the address right?"
        raise UnreachableError(message) from error
