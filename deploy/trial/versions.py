"""Versions to upgrade to: a good one, and two that are broken in different ways."""

import re
import shutil
from pathlib import Path

NEXT = '''"""Add a table, for the trial of an upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = "{before}"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("{name}")
'''

# What an older version had: the web server, worker and scheduler apart, each a unit.
APART = r"""cd /etc/systemd/system
sed 's/prefork[.]py/serve.py/' -i pst-web.service
for name in worker@ scheduler; do
  sed -e "s/serve[.]py/${name%@}.py/" -e '/^\(Requires\|ExecStartPre\)/d' \
    pst-web.service > pst-$name.service
done
systemctl daemon-reload
systemctl enable -q --now pst-worker@1 pst-scheduler
systemctl restart pst-web
"""


def next_version(source: Path, target: Path) -> None:
    """A version 0.2.1 with a migration more."""
    shutil.copytree(source, target)
    _number(target, "0.2.1")
    _migrate(target, "trial_next")


def broken_page(source: Path, target: Path) -> None:
    """A version whose home page fails."""
    shutil.copytree(source, target)
    _number(target, "0.2.2")
    (target / "pst/templates/public_pages/home.html").write_text(
        "{{ nothing.of.the.kind }}\n"
    )


def broken_worker(source: Path, target: Path) -> None:
    """A version that migrates and serves, but whose worker ends at once."""
    shutil.copytree(source, target)
    _number(target, "0.2.3")
    _migrate(target, "trial_worker")
    path = target / "worker.py"
    sound = path.read_text()
    text = sound.replace("    AppWorker.app = app\n", "    sys.exit(3)\n")
    assert text != sound, "worker.py begins its work in another way"
    path.write_text(text)


def _number(tree: Path, version: str) -> None:
    path = tree / "pyproject.toml"
    text = re.sub(r'(?m)^version = ".*"', f'version = "{version}"', path.read_text())
    path.write_text(text)


def _migrate(tree: Path, name: str) -> None:
    folder = tree / "migrations/versions"
    texts = [path.read_text() for path in folder.glob("*.py")]
    revisions = {
        revision
        for t in texts
        for revision in re.findall(r'(?m)^revision.*= "(\w+)"', t)
    }
    before = {f for t in texts for f in re.findall(r'(?m)^down_revision.*= "(\w+)"', t)}
    (head,) = revisions - before
    (folder / f"{name}.py").write_text(NEXT.format(name=name, before=head))
