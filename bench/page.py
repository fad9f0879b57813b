"""Pages a second, beside an empty Flask route."""

import json
from functools import partial
from urllib.parse import quote_plus

from bench.common import cycle, get, office, report, wrk
from pst.knowledge.exchange.entries import starter
from tests.processes import ROOT

JUDGED = ROOT / "tests" / "search" / "queries.json"
# More than the answers that the server keeps, so that each is found anew.
DIFFERENT = 3_000


def main() -> None:
    queries = json.loads(JUDGED.read_text())
    questions = [quote_plus(query["query"]) for query in queries]
    with office() as (made, service):
        fetch = partial(get, port=service.port, Accept_Encoding="br, gzip")
        empty = wrk(f"{service.url}/bench-empty")
        limit = empty["requests_s"]
        readers = made.readers[:500]
        officer = made.officer_token
        pages = {
            "home": [fetch("/")],
            "conversation": [
                fetch(f"/konsultasi/{n}", token=token) for token, n, _ in readers
            ],
            "desk": [fetch("/petugas", token=officer)],
            "officer_conversation": [
                fetch(f"/petugas/konsultasi/{n}", token=officer) for _, n, _ in readers
            ],
            "search": [fetch(f"/cari?q={q}") for q in questions],
            "search_anew": [
                fetch(f"/cari?q={questions[n % len(questions)]}+{n}")
                for n in range(DIFFERENT)
            ],
            "article": [fetch(f"/artikel/{slug}") for slug in starter()],
        }
        figures = {"empty_route": empty}
        for name, requests in pages.items():
            taken = wrk(service.url, cycle(requests), connections=8)
            figures[name] = {**taken, "ratio": round(taken["requests_s"] / limit, 3)}
        report(**figures)


if __name__ == "__main__":
    main()
