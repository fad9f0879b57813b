"""What a run of the catalogue needs: the client, the domains and their areas."""

from dataclasses import dataclass

import sqlalchemy as sa

from pst.catalogue.web_service import lists
from pst.catalogue.web_service.lists import Domain
from pst.catalogue.web_service.source_rows import CatalogueDomain
from pst.database import db, reading, transaction
from pst.webapi.client import BadAnswer, Webapi
from pst.webapi.source import client


@dataclass
class Setup:
    """What a run needs: the client, and the areas to fetch."""

    api: Webapi
    domains: list[Domain]

    @property
    def own(self) -> str:
        """The code of the office's own area."""
        return self.domains[0].area_code


def setup() -> Setup:
    """Return what a run needs, asking for the names of the domains if need be."""
    api, codes = client()
    with reading():
        domains = {
            row.code: Domain(row.code, row.name, row.address)
            for row in db.session.scalars(sa.select(CatalogueDomain))
        }
    if set(codes) - domains.keys():
        domains |= fetch_domains(api)
    if unknown := [code for code in codes if code not in domains]:
        raise BadAnswer(f"no domain {', '.join(unknown)}")
    return Setup(api, [domains[code] for code in codes])


def fetch_domains(api: Webapi) -> dict[str, Domain]:
    """Return all domains of the service, and keep them."""
    answer = api.ask("/domain", {"type": "all"})
    data = answer.get("data")
    rows = data[1] if isinstance(data, list) and len(data) == 2 else None
    if not isinstance(rows, list) or not rows:
        raise BadAnswer("no domains")
    domains = {}
    for row in filter(lambda row: isinstance(row, dict), rows):
        code = str(row.get("domain_id", ""))
        if len(code) == 4 and code.isdigit():
            name = lists.domain_name(lists.plain(row.get("domain_name"), 120))
            address = lists.web_address(row.get("domain_url"))[:200]
            domains[code] = Domain(code, name, address)
    with transaction():
        db.session.execute(sa.delete(CatalogueDomain))
        db.session.add_all(
            CatalogueDomain(code=d.code, name=d.name, address=d.address)
            for d in domains.values()
        )
    return domains
