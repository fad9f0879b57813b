"""The command `flask province`."""

import click
from flask.cli import AppGroup

from pst.province.collecting import collect
from pst.province.contract import BadDocument, month

province = AppGroup("province", help="Figures of the districts, month by month.")


@province.command("collect")
@click.option("--period", help="A month as 2026-11; the last two by default.")
def collect_now(period: str | None) -> None:
    """Ask every listed office for its figures; fail when one could not be asked."""
    try:
        periods = [month(period).code] if period else None
    except BadDocument as error:
        raise click.ClickException("Write the month as 2026-11.") from error
    outcomes = collect(periods)
    for outcome in outcomes:
        end = f"{outcome.fault}: {outcome.detail}" if outcome.fault else ""
        how = end or ("received" if outcome.is_new else "unchanged")
        click.echo(f"{outcome.period}  {outcome.name}: {how}")
    if not outcomes:
        click.echo("No office is listed: Admin › Pengaturan › Kantor kabupaten.")
    if faulty := sum(bool(outcome.fault) for outcome in outcomes):
        raise click.ClickException(f"{faulty} could not be asked.")
