"""A mail server on this machine that takes everything and keeps it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Server:
    """A mail server that takes everything and keeps it."""

    port: int
    taken: list[str] = field(default_factory=list)


def serve(listener: socket.socket, server: Server) -> None:
    """Answer one connection after another until the socket is closed."""
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rwb") as stream:
            stream.write(b"220 ready\r\n")
            stream.flush()
            for line in stream:
                word = line[:4].upper()
                if word == b"DATA":
                    stream.write(b"354 go on\r\n")
                    stream.flush()
                    lines = iter(stream.readline, b".\r\n")
                    server.taken.append(b"".join(lines).decode())
                stream.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                stream.flush()
                if word == b"QUIT":
                    break


@contextmanager
def listening() -> Iterator[Server]:
    """One on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Server(listener.getsockname()[1])
        thread = threading.Thread(target=serve, args=(listener, made), daemon=True)
        thread.start()
        yield made
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
