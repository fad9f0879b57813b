"""Pages a second, beside an empty Flask route."""

from functools import partial

from bench.common import cycle, get, office, report, wrk

QUERIES = ("penduduk", "inflasi+bulanan", "cara+menghitung+ipm")


def main() -> None:
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
            "search": [fetch(f"/cari?q={q}") for q in QUERIES],
        }
        figures = {"empty_route": empty}
        for name, requests in pages.items():
            taken = wrk(service.url, cycle(requests), connections=8)
            figures[name] = {**taken, "ratio": round(taken["requests_s"] / limit, 3)}
        report(**figures)


if __name__ == "__main__":
    main()
