"""The idle poll next to an empty Flask route, and how many conversations fit."""

import asyncio
import itertools
import statistics
import time

from bench.common import Office, cycle, get, office, report, wrk
from tests.processes import HOST, Service

PATIENCE_MS = 200
STEPS = (2_500, 5_000, 10_000, 15_000)
ADAPTIVE_S = 30  # a mix of lively, quiet and long quiet conversations
SECONDS = 6
CONNECTIONS = 200


def main() -> None:
    with office() as (site, service):
        polls = [poll(service, *reader) for reader in site.readers[:2000]]
        empty = wrk(f"{service.url}/bench-empty")
        idle = wrk(service.url, cycle(polls))
        again = wrk(f"{service.url}/bench-empty")
        flask = max(empty["requests_s"], again["requests_s"])
        report(
            idle_poll=idle,
            empty_route=empty,
            empty_route_again=again,
            ratio=round(idle["requests_s"] / flask, 2),
            aim="ratio >= 3, p99 <= the empty route's",
            open_conversations_every_3_s=capacity(site, service, 3),
            open_conversations_adaptive=capacity(site, service, ADAPTIVE_S),
        )


def poll(service: Service, token: str, number: str, cursor: str) -> str:
    path = f"/konsultasi/{number}/pesan"
    return get(path, service.port, token, HX_Request="true", HX_PTag=cursor)


def capacity(site: Office, service: Service, interval: float) -> list[dict]:
    """Hold more and more conversations, each asking every `interval` seconds.

    Each step is an open loop: requests leave when they are due, whether or not
    earlier ones are answered, and lateness counts as latency.
    """
    steps = []
    for conversations in (n * (10 if interval > 10 else 1) for n in STEPS):
        polls = [poll(service, *reader).encode() for reader in site.readers]
        latencies = asyncio.run(offer(service, polls, conversations / interval))
        p99 = statistics.quantiles(latencies, n=100)[98] * 1000
        step = {"conversations": conversations, "requests_s": len(latencies) / SECONDS}
        steps.append({**step, "p99_ms": round(p99, 1), "held": p99 < PATIENCE_MS})
        if p99 >= PATIENCE_MS:
            break
    return steps


async def offer(service: Service, polls: list[bytes], rate: float) -> list[float]:
    """Send `rate` requests a second; give the seconds each took from its due time."""
    requests = itertools.cycle(polls)
    latencies: list[float] = []
    begin = time.perf_counter()
    due = iter(begin + n / rate for n in range(int(rate * SECONDS)))

    async def talk() -> None:
        reader, writer = await asyncio.open_connection(HOST, service.port)
        for moment in due:
            wait = moment - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            writer.write(next(requests))
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 304"), answer
            latencies.append(time.perf_counter() - moment)
        writer.close()

    await asyncio.gather(*(talk() for _ in range(CONNECTIONS)))
    return latencies


if __name__ == "__main__":
    main()
