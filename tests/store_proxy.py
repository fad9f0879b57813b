"""What stands before the tests' store of files: it notes what is asked, and how much.

It also answers a part of a file with 206, as other stores do than rclone's, unless a
test says otherwise (https://github.com/johannesboyne/gofakes3/pull/121).
"""

from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from tests.processes import HOST

# What is said of one connection, not of what it carries.
OF_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Asked(NamedTuple):
    """One request, and how many bytes of a file answered it."""

    method: str
    size: int


class StoreProxy:
    """One address in front of the store at another port."""

    def __init__(self, port: int, store_port: int) -> None:
        self.asked: list[Asked] = []
        self.has_parts = True
        self._server = ThreadingHTTPServer((HOST, port), handler_for(store_port, self))
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def handler_for(store_port: int, proxy: StoreProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            store = HTTPConnection(HOST, store_port, timeout=20)
            try:
                # What is signed stays as it is, with the host's name.
                store.putrequest(
                    self.command, self.path, skip_host=True, skip_accept_encoding=True
                )
                for name, text in self.headers.items():
                    store.putheader(name, text)
                store.endheaders(body)
                answer = store.getresponse()
                content = answer.read()
            except (OSError, HTTPException):
                self.close_connection = True  # as when it is gone
                return
            finally:
                store.close()
            proxy.asked.append(Asked(self.command, len(content)))
            is_part = answer.headers["Content-Range"] and proxy.has_parts
            self.send_response_only(206 if is_part else answer.status)
            for name, text in answer.headers.items():
                if name.lower() not in OF_CONNECTION:
                    self.send_header(name, text)
            size = answer.headers["Content-Length"] if self.command == "HEAD" else None
            self.send_header("Content-Length", size or str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    return Handler
