"""Work beyond one machine: the workers of a Dask cluster as an executor."""

from __future__ import annotations

import contextlib
import importlib
import logging
import re
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

from dokuwiki_data.errors import MissingExtraError, WorkerError

#: What an address of a scheduler looks like: a host, or a number of one, and a port.
_ADDRESS = re.compile(r"(?:(?P<scheme>tcp|tls)://)?(?:[^\s:/\[\]]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")

#: So many seconds are enough to reach a scheduler.
TIMEOUT = 5.0


@contextlib.contextmanager
def cluster_executor(address: str, timeout: float = TIMEOUT) -> Iterator[tuple[Executor, int]]:
    """The workers behind a scheduler (such as ``tcp://host:8786``), and how many things they can do at a time.

    They need a dokuwiki-data of the same version, but none of this machine's files. A task whose worker dies goes to
    another one.

    Raises `WorkerError` if the scheduler cannot be reached or has no workers, `MissingExtraError` without the extra
    ``dask``.
    """
    with _quiet() as distributed, _connected(distributed, address, timeout) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise WorkerError(f"the scheduler {address} has no workers")
        # No two tasks are one because their arguments are equal: to find that out, all of them would be read.
        yield client.get_executor(pure=False), threads


@contextlib.contextmanager
def _connected(distributed: Any, address: str, timeout: float) -> Iterator[Any]:
    # The library stumbles over its own feet if it finds out only later.
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise WorkerError(f"{address}: no address of a scheduler, such as tcp://host:8786")
    if found["scheme"] == "tls" and not distributed.Security().get_connection_args("client").get("ssl_context"):
        raise WorkerError(f"{address}: Dask's own settings name no certificates for TLS")
    try:
        client = distributed.Client(address, timeout=timeout, set_as_default=False)
    except Exception as error:  # whatever an address can be that is none
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise WorkerError(f"the scheduler {address} cannot be reached: {reason}") from error
    try:
        yield client
    finally:
        with contextlib.suppress(OSError, TimeoutError):
            client.close(timeout)


@contextlib.contextmanager
def _quiet() -> Iterator[Any]:
    """The library without its own words on standard error; what is wrong is said by our errors."""
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise MissingExtraError("distributed", "dask") from error
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in ("distributed", "tornado")]
    loggers = [logging.getLogger(name) for name in names]
    were_disabled = [logger.disabled for logger in loggers]
    try:
        for logger in loggers:
            logger.disabled = True
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"distributed|dask")
            yield distributed
    finally:
        for logger, was_disabled in zip(loggers, were_disabled, strict=True):
            logger.disabled = was_disabled
