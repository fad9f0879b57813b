"""Pages next to a minimal Flask page with the same answer, and a second's worth.

CPU milliseconds in process are the figure to steer by; requests a second are shown too.
`bin/bench page conversation desk` measures only those.
"""

import json
import logging
import os
import sys
from functools import partial
from urllib.parse import quote_plus

from flask import Flask

from bench.common import Office, cycle, get, office, report, table, wrk
from bench.inside import Request, as_browser, ask, costs, statements
from bench.inside import get as inside
from bench.minimal import of_pages
from pst import config, create_app
from pst.knowledge.exchange.entries import starter
from pst.web.access import everyone
from tests.processes import ROOT, Service

JUDGED = ROOT / "tests" / "search" / "queries.json"
# More than the answers that the server keeps, so that each is found again.
DIFFERENT = 3_000
SECONDS = 4


def main() -> None:
    logging.disable(logging.WARNING)
    with office() as (site, service):
        paths = _paths(site)
        names = sys.argv[1:] or list(paths)
        figures = in_process(site, service, {name: paths[name] for name in names})
        empty = wrk(f"{service.url}/bench-empty", seconds=SECONDS)
        for name in names:
            fetch = partial(get, port=service.port, Accept_Encoding="br, gzip")
            requests = [fetch(path, token=token) for path, token in paths[name]]
            figures[name]["requests_s"] = wrk(
                service.url, cycle(requests), connections=8, seconds=SECONDS
            )["requests_s"]
    table(figures)
    report(empty_route=empty, pages=figures)


def _paths(site: Office) -> dict[str, list[tuple[str, str | None]]]:
    """Return for each page its addresses, and by which log-in they are opened."""
    queries = [quote_plus(each["query"]) for each in json.loads(JUDGED.read_text())]
    readers, officer = site.readers[:500], site.officer_token
    again = [f"/cari?q={queries[n % len(queries)]}+{n}" for n in range(DIFFERENT)]
    member = readers[0][0]
    return {
        "home": [("/", None)],
        "conversation": [(f"/konsultasi/{n}", token) for token, n, _ in readers],
        "officer_conversation": [
            (f"/petugas/konsultasi/{n}", officer) for _, n, _ in readers
        ],
        "desk": [("/petugas", officer)],
        "search": [(f"/cari?q={query}", member) for query in queries],
        "search_again": [(path, member) for path in again],
        "article": [(f"/artikel/{slug}", None) for slug in starter()],
    }


def in_process(
    site: Office, service: Service, paths: dict[str, list[tuple[str, str | None]]]
) -> dict[str, dict]:  # type: ignore[type-arg]
    """Return what each page costs here, and its share of the minimal page's cost."""
    app = add_empty_route(_application(service))
    pages = {
        name: [as_browser(app, _request(*each)) for each in addresses[:60]]
        for name, addresses in paths.items()
    }
    first = {name: requests[0] for name, requests in pages.items()}
    minimal = of_pages(app, site.folder, first)
    least = {name: as_browser(minimal, inside(f"/{name}")) for name in pages}
    subjects = {name: (app, requests) for name, requests in pages.items()}
    subjects |= {f"least {name}": (minimal, [least[name]]) for name in pages}
    ms = costs({"empty": (app, [inside("/bench-empty")]), **subjects})
    figures: dict[str, dict] = {"empty": {"ms": ms["empty"]}}  # type: ignore[type-arg]
    for name, request in first.items():
        with statements(app) as queries:
            answer = ask(app, request)
        limit = ms[f"least {name}"]
        figures[name] = {
            "ms": ms[name],
            "minimal_ms": limit,
            "share_of_minimal": round(limit / ms[name], 3),
            "statements": len(queries),
            "bytes": len(answer.body),
            "head_bytes": answer.head_bytes,
        }
    return figures


def _request(path: str, token: str | None) -> Request:
    return inside(path, f"pst_l={token}" if token else "")


def _application(service: Service) -> Flask:
    names = ("PST_DATA_DIR", "PST_REDIS_URL")
    os.environ |= {name: service.env[name] for name in names}
    # As the office runs it, but that no one is asked to come less often.
    os.environ["PST_TESTING"] = "1"
    return create_app(config.load())


def add_empty_route(app: Flask) -> Flask:
    """Add the empty route that shows what Flask itself costs."""
    app.add_url_rule("/bench-empty", "bench_empty", everyone(lambda: ""))
    return app


if __name__ == "__main__":
    main()
