"""A small IMAP server: what a client asks that reads one mailbox, and nothing else."""

import re
import socketserver
import threading
from dataclasses import replace
from typing import Any

from flask import Flask

from pst.server.mail_config import BounceMailbox
from tests.processes import HOST

USER, PASSWORD = "pantulan@contoh.test", "rahasia-kotak-surat"
LITERAL = re.compile(rb"BODY\.PEEK\[\]<0\.(\d+)>")


class ImapServer:
    """Serve `mails`, the first with UID 1; keep what clients say."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.validity = 7
        self.said: list[bytes] = []
        self.refuses = False

    def __enter__(self) -> "ImapServer":
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _serve(server, self.rfile, self.wfile)

        self._server = socketserver.ThreadingTCPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"imap://{USER.replace('@', '%40')}:{PASSWORD}@{HOST}:{self.port}/INBOX"

    def deliver(self, mail: bytes) -> None:
        self.mails.append(mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def _serve(server: ImapServer, read: Any, write: Any) -> None:
    write.write(b"* OK ready\r\n")
    for line in read:
        server.said.append(line.rstrip())
        tag, _, rest = line.rstrip().partition(b" ")
        verb = rest.split(b" ", 1)[0].upper()
        for part in _answer(server, verb, rest):
            write.write(part)
        is_no = verb == b"LOGIN" and (server.refuses or PASSWORD.encode() not in rest)
        write.write(tag + (b" NO wrong\r\n" if is_no else b" OK done\r\n"))
        if verb == b"LOGOUT":
            return


def _answer(server: ImapServer, verb: bytes, rest: bytes) -> list[bytes]:
    if verb == b"CAPABILITY":
        return [b"* CAPABILITY IMAP4rev1\r\n"]
    if verb == b"EXAMINE":
        found = len(server.mails), server.validity
        return [b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n" % found]
    if rest.startswith(b"UID SEARCH UID"):
        first = int(rest.rsplit(b" ", 1)[1].partition(b":")[0])
        last = len(server.mails)  # `n:*` names the last one, even before n
        uids = range(min(first, last), last + 1) if last else range(0)
        return [b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids) + b"\r\n"]
    if rest.startswith(b"UID SEARCH"):
        uids = range(1, len(server.mails) + 1)
        return [b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids) + b"\r\n"]
    if rest.startswith(b"UID FETCH"):
        uid, most = int(rest.split()[2]), LITERAL.search(rest)
        assert most
        mail = server.mails[uid - 1][: int(most[1])]
        head = b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n" % (uid, uid, len(mail))
        return [head, mail, b")\r\n"]
    if verb == b"LOGOUT":
        return [b"* BYE\r\n"]
    return []


def with_mailbox(app: Flask, server: ImapServer) -> Flask:
    """Set `server` as the mailbox to which mails come back."""
    box = BounceMailbox(HOST, server.port, USER, PASSWORD, "INBOX", ssl=False)
    app.config["PST"] = replace(
        app.config["PST"], bounce_mailbox=box, bounce_address="pantulan+*@contoh.test"
    )
    return app
