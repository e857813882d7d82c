"""The line between a browser and a server, for tests of what happens when it breaks."""

import socket
import threading
from contextlib import suppress

HOST = "127.0.0.1"
CHUNK = 65536


class Line:
    """Passes everything on between a port of its own and the server's, until it is told not to.

    `lose_answers()`: requests arrive, and the connection breaks in the place of the answer.
    `hold_answers()`: requests arrive, and the answers wait. `mend()`: all is well again; what was
    held is lost, as it is when a server dies with it.
    """

    def __init__(self, port: int):
        self.server = (HOST, port)
        self.mode = "open"
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.mended = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_) -> None:
        self.mend()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def lose_answers(self) -> None:
        self.mode = "lose"

    def hold_answers(self) -> None:
        self.mended.clear()
        self.mode = "hold"

    def mend(self) -> None:
        self.mode = "open"
        self.mended.set()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self.server)
            except OSError:
                client.close()
                continue
            for pair in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if is_answer and self.mode != "open":
                    if self.mode == "hold":
                        self.mended.wait()
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
