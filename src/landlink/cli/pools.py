"""Options of commands that compute members: processes on this machine, or a cluster."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments

if TYPE_CHECKING:
    from landlink.ensemble.worker_pool import Pool

__all__ = ["add_pool", "check_pool", "opened_pool"]


def add_pool(options: argparse._ActionsContainer, what: str = "members") -> None:
    """Add the options to a command or a group of its options."""
    options.add_argument(
        "--workers", metavar="N", type=arguments.thread_count, help=f"processes that solve {what} (all cores)"
    )
    options.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help=f"Dask scheduler, tcp://HOST:PORT, whose workers solve {what} in place of processes of this machine",
    )


def check_pool(args: argparse.Namespace) -> None:
    """Refuse options that contradict, and an address that is none, before anything is computed."""
    if args.scheduler is None:
        return
    from landlink.ensemble.cluster_connection import scheduler_address

    if args.workers is not None:
        raise ll.InputError("--workers and --scheduler: give one of them; a cluster has the workers that were started")
    scheduler_address(args.scheduler)


@contextmanager
def opened_pool(args: argparse.Namespace) -> Iterator[Pool]:
    """Give what computes members; it ends with the context."""
    check_pool(args)
    if args.scheduler is None:
        from landlink.ensemble.worker_pool import WorkerPool

        with WorkerPool(args.workers) as pool:
            yield pool
    else:
        from landlink.ensemble.cluster_pool import ClusterPool

        with ClusterPool(args.scheduler) as cluster:
            yield cluster
