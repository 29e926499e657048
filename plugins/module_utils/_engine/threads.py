# Copyright (c) 2026, the codeless.apigateway maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Jobs in parallel, each in a thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, List, Sequence

from .errors import AwsError, merge_errors


def run_in_parallel(jobs: Sequence[Callable[[], Any]]) -> List[Any]:
    """Return what the jobs return, in their order. Each job runs in a thread.

    Raises one `AwsError` for all that the jobs raise, when all of them have ended.
    """
    if not jobs:
        return []
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        results = list(pool.map(_result_or_error, jobs))
    errors = [result for result in results if isinstance(result, AwsError)]
    if errors:
        raise merge_errors(errors)
    return results


def _result_or_error(job: Callable[[], Any]) -> Any:
    try:
        return job()
    except AwsError as error:
        return error


class BackgroundJobs:
    """Jobs that run in background threads. An `AwsError` that a job raises is not reported here.

    The threads do not keep the process alive, so a caller that needs no result need not wait.
    """

    def __init__(self, jobs: Sequence[Callable[[], Any]]) -> None:
        self._bugs: List[Exception] = []
        self._threads = [threading.Thread(target=self._run, args=(job,), daemon=True) for job in jobs]
        for thread in self._threads:
            thread.start()

    def _run(self, job: Callable[[], Any]) -> None:
        try:
            job()
        except AwsError:
            pass  # the caller gets it from the same call
        except Exception as bug:
            self._bugs.append(bug)

    def wait(self) -> None:
        """Wait until all jobs have ended; raise the first exception that is no `AwsError`."""
        for thread in self._threads:
            thread.join()
        if self._bugs:
            raise self._bugs[0]
