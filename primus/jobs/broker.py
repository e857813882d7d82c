"""The embedded broker: kombu's filesystem transport, made safe for processes that start together.

As kombu ships it, a reader can pick up a message, or a table of queues, that the writer has
opened and not yet written: the worker then dies on an empty file. Messages are also moved
through the machine's temporary folder, where anyone may read them. Here everything is written
beside its place and renamed into it, and a message is claimed by renaming it.

A message whose worker is killed outright is lost, as with kombu's own: every job here is
planned again by beat or asked for again on the page, and does nothing twice.
"""

import fcntl
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


def _write(path: Path, text: str) -> None:
    """Write the whole file or nothing. A name that begins with a dot is nobody's message."""
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4()}")
    unfinished.write_text(text)
    unfinished.replace(path)


class Channel(filesystem.Channel):
    def _put(self, queue, message, **kwargs):
        # Wall clock, not kombu's monotonic one, which begins again with the machine.
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, dumps(message))

    def _get(self, queue, timeout=None):
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            waiting = Path(self.data_folder_in) / name
            claimed = waiting.with_name(f".{name}.claimed")
            try:
                waiting.rename(claimed)
            except FileNotFoundError:
                continue  # another worker was quicker
            text = claimed.read_text()
            claimed.unlink()
            try:
                return loads(text)
            except ValueError:
                logger.error("A message that could not be read was thrown away.")
        raise Empty

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        table_file = self._exchange_file(exchange)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with (self.control_folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            if binding not in table:
                _write(table_file, dumps([binding, *table]))


class Transport(filesystem.Transport):
    Channel = Channel
    # Seconds between two looks into the folder, and how long a worker may be deaf to the signal
    # to stop.
    polling_interval = 0.2
    longest_wait = 0.4

    def drain_events(self, connection, timeout=None, **kwargs):
        return super().drain_events(
            connection, min(timeout or self.longest_wait, self.longest_wait)
        )
