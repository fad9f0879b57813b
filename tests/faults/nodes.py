"""Web servers on ports of their own over one Redis and one database, and nginx."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from tests.faults.people import Clicker, new_key, path_of
from tests.processes import HOST, ROOT, Service, free_port, wait_until

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
CONFS = ROOT / "deploy" / "nginx"


class Node(Service):
    """One web server, started as on a machine of its own."""

    def command(self, name: str) -> list[str]:
        if name == "web":
            return [sys.executable, "serve.py"]
        return super().command(name)


class Nodes(NamedTuple):
    """The two web servers."""

    first: Node
    second: Node

    def moved(self, person: Clicker) -> Clicker:
        """Let the next requests of a person go to the other one."""
        other = self.second if person.service is self.first else self.first
        return Clicker(other, person.cookies, person.token)


@contextmanager
def running(
    folder: Path, sockets: tuple[Path, Path], mail_url: str, **settings: str
) -> Iterator[Nodes]:
    """Run both, with the ordinary clock and the limits that an office has.

    Where `settings` name another database, it is prepared first; where they name a
    store of files too, the second has a data folder of its own.
    """
    has_own = "PST_FILES_URL" in settings
    folders = folder, folder.with_name(f"{folder.name}-second") if has_own else folder
    folders[1].mkdir(exist_ok=True)
    made = Nodes(
        *(Node(*each, mail_url) for each in zip(folders, sockets, strict=True))
    )
    for node in made:
        node.socket = made.first.socket
        node.env |= {
            "PST_BASE_URL": "http://127.0.0.1:8000",  # one address for people
            "PST_REDIS_URL": f"unix://{made.first.socket}",
            "PST_SECRET_KEY": "satu kunci untuk kedua server web ini",
            "PST_WEB_PROCESSES": "1",
            **settings,
        }
        del node.env["PST_TESTING"], node.env["PST_TEST_CLOCK"]
    try:
        made.first.start("redis")
        if "PST_DATABASE_URL" in settings:
            made.first.flask("prepare")
        made.first.start("web")
        made.second.start("web")
        yield made
    finally:
        made.second.stop()
        made.first.stop()


@contextmanager
def in_front(nodes: Nodes, root: Path) -> Iterator[SimpleNamespace]:
    """Run nginx before both, with our own files; what has its `port` is served."""
    port = free_port()
    servers = re.findall(r"(?m)^server \S+", (CONFS / "nodes.conf").read_text())
    listed = (CONFS / "nodes.conf").read_text()
    for server, node in zip(servers, nodes, strict=True):
        listed = listed.replace(server, f"server 127.0.0.1:{node.port}")
    (root / "nodes.conf").write_text(listed)
    proxy = (CONFS / "pst-proxy.conf").read_text().replace("@ID@", "pst")
    (root / "pst-proxy.conf").write_text(proxy)
    temporary = "".join(
        f"{name}_temp_path {root}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (root / "nginx.conf").write_text(
        f"daemon off;\nuser root;\npid {root}/pid;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}"
        f"upstream pst {{ include {root}/nodes.conf; }}\n"
        f"server {{ listen 127.0.0.1:{port};\n"
        f"location / {{ include {root}/pst-proxy.conf; }} }}\n}}\n"
    )
    command = [str(NGINX), "-c", str(root / "nginx.conf"), "-p", str(root)]
    command += ["-e", str(root / "error.log")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    nginx = subprocess.Popen(command)
    try:
        site = SimpleNamespace(port=port)
        wait_until(lambda: listens(port), "nginx")
        yield site
    finally:
        nginx.terminate()
        nginx.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def asked(person: Clicker) -> str:
    """Ask for data; return the address of the conversation."""
    person.get("/konsultasi/baru?jenis=data")
    form = {
        "subject": "Jumlah penduduk",
        "description": "Menurut umur.",
        "area": "Wanadadi",
        "years": "2020–2025",
        "key": new_key(),
    }
    answer = person.post("/konsultasi/baru?jenis=data", form)
    assert answer.status == 303, answer.text
    return path_of(answer.location)
