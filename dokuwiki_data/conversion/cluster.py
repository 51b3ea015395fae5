"""Use the workers of a Dask cluster as an executor."""

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

#: The address of a scheduler: a host name or an IP address, and a port.
_ADDRESS = re.compile(r"(?:(?P<scheme>tcp|tls)://)?(?:[^\s:/\[\]]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")

#: The seconds to wait for a scheduler.
TIMEOUT = 5.0


@contextlib.contextmanager
def cluster_executor(address: str, timeout: float = TIMEOUT) -> Iterator[tuple[Executor, int]]:
    """Connect to a Dask scheduler, and yield an executor and the number of its threads.

    The workers need the same version of dokuwiki-data, but not the files of this machine. A task whose worker dies is
    done by another one.

    Args:
        address: The address of the scheduler, such as ``tcp://host:8786``.
        timeout: The seconds to wait for it.

    Raises:
        WorkerError: If the scheduler cannot be reached or has no workers.
        MissingExtraError: If the extra ``dask`` is not installed.
    """
    with _quiet() as distributed, _connected(distributed, address, timeout) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise WorkerError(f"the scheduler {address} has no workers")
        # Otherwise Dask would hash all arguments in order to find equal tasks.
        yield client.get_executor(pure=False), threads


@contextlib.contextmanager
def _connected(distributed: Any, address: str, timeout: float) -> Iterator[Any]:
    # Checked here, because `distributed` fails with unclear errors later.
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise WorkerError(f"{address}: not the address of a scheduler, such as tcp://host:8786")
    if found["scheme"] == "tls" and not distributed.Security().get_connection_args("client").get("ssl_context"):
        raise WorkerError(f"{address}: the settings of Dask name no certificates for TLS")
    try:
        client = distributed.Client(address, timeout=timeout, set_as_default=False)
    except Exception as error:  # the classes of errors depend on the address
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise WorkerError(f"the scheduler {address} cannot be reached: {reason}") from error
    try:
        yield client
    finally:
        with contextlib.suppress(OSError, TimeoutError):
            client.close(timeout)


@contextlib.contextmanager
def _quiet() -> Iterator[Any]:
    """Yield the library with its log messages disabled, since errors are raised as exceptions."""
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
