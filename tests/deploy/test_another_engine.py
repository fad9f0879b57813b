"""The installer copies a file; a database that is none is refused before anything."""

from pathlib import Path

import pytest

from deploy.installer import data, settings
from deploy.installer.machine import Failed


@pytest.mark.parametrize(
    ("line", "is_refused"),
    [
        ("PST_DATABASE_URL=postgresql+psycopg://pst@db/pst", True),
        ("PST_DATABASE_URL=sqlite:////var/lib/pst/pst.sqlite3", False),
        ("", False),
    ],
)
def test_only_a_file_is_upgraded(
    line: str, is_refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "pst.env"
    file.write_text(f"PST_PORT=8000\n{line}\n")
    read = settings.read
    monkeypatch.setattr(settings, "read", lambda: read(file))

    if is_refused:
        with pytest.raises(Failed, match="PostgreSQL"):
            data.refuse_another_engine()
    else:
        data.refuse_another_engine()
