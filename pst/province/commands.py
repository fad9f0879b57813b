"""The command `flask province`."""

import click
from flask.cli import AppGroup

from pst.database import reading
from pst.province import monthly
from pst.province.collecting import collect
from pst.province.contract import BadDocument, month

province = AppGroup("province", help="Figures of the districts, month by month.")


@province.command("collect")
@click.option("--period", help="A month as 2026-11; the last two by default.")
def collect_now(period: str | None) -> None:
    """Ask every listed office for its figures; fail when one could not be asked."""
    outcomes = collect([_month(period)] if period else None)
    for outcome in outcomes:
        end = f"{outcome.fault}: {outcome.detail}" if outcome.fault else ""
        how = end or ("received" if outcome.is_new else "unchanged")
        click.echo(f"{outcome.period}  {outcome.name}: {how}")
    if not outcomes:
        click.echo("No office is listed: Admin › Pengaturan › Kantor kabupaten.")
    if faulty := sum(bool(outcome.fault) for outcome in outcomes):
        raise click.ClickException(f"{faulty} could not be asked.")


def _month(code: str) -> str:
    """Return a month that offices have; asked for another, each would seem at fault."""
    try:
        period = month(code)
    except BadDocument as error:
        raise click.ClickException("Write the month as 2026-11.") from error
    with reading():
        if not monthly.is_offered(period):
            raise click.ClickException(
                f"{code} is not over, or more than {monthly.MONTHS_BACK} months ago."
            )
    return period.code
