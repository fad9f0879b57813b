"""What the installer asks: every question has a default, bad answers are refused."""

import pytest

from deploy.installer import answers, settings
from deploy.installer.answers import BadAnswer

GOOD = {
    "domain": "pst.contoh.id",
    "smtp_server": "smtp.contoh.id",
    "smtp_user": "pst@contoh.id",
    "smtp_password": "p@ss: $'word\"/#%",
}


def test_every_question_has_a_default():
    found = answers.settle({}, {})

    assert set(found) == {question.name for question in answers.QUESTIONS}
    assert found["time_zone"] == "Asia/Jakarta"
    assert found["admin_email"] == f"admin@{found['domain']}"
    assert found["mail_from"] == "", "no mail server, no sender"


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        *[
            ("domain", bad)
            for bad in ("a b.id", "-a.id", "192.168.1.1", "x..id", "a;b")
        ],
        *[("time_zone", bad) for bad in ("Asia/Tokyo", "WIBB")],
        *[("smtp_port", bad) for bad in ("0", "65536", "many")],
        *[("admin_email", bad) for bad in ("it", "it@", "a b@c.id", "a'b@c.id")],
        ("office_name", "x" * 201),
        ("office_name", "BPS\x07Contoh"),
        ("certificate", "yes"),
        ("smtp_server", "smtp contoh"),
    ],
)
def test_a_bad_answer_is_refused_by_its_name(name: str, bad: str):
    with pytest.raises(BadAnswer, match=f"^{name}: "):
        answers.settle({**GOOD, name: bad}, {})


def test_a_certificate_of_ones_own_must_be_there(tmp_path):
    pem = tmp_path / "c.pem"
    pem.write_text("")
    given = {"certificate": "file", "certificate_file": str(pem)}

    with pytest.raises(BadAnswer, match="^key_file: "):
        answers.settle({**given, "key_file": "/nowhere.pem"}, {})

    assert answers.settle({**given, "key_file": str(pem)}, {})["key_file"] == str(pem)


def test_a_file_of_answers_names_the_line_that_is_wrong(tmp_path):
    path = tmp_path / "answers"
    path.write_text("# ours\ndomain = pst.contoh.id\n\ndomein = x\n")

    with pytest.raises(BadAnswer, match="line 4"):
        answers.read(path)


def test_the_terminal_asks_again_until_the_answer_is_good(capsys, monkeypatch):
    said = {"Domain": iter(["not a name", "pst.contoh.id"])}
    monkeypatch.setattr(answers.getpass, "getpass", lambda prompt: "")

    found = answers.ask(
        {}, lambda prompt: next(said.get(prompt.split()[0], iter([""])))
    )

    assert found["domain"] == "pst.contoh.id"
    assert "is no domain name" in capsys.readouterr().out


def test_what_was_answered_before_is_the_default(tmp_path):
    before = answers.settle({**GOOD, "time_zone": "WIT"}, {})
    path = tmp_path / "answers"
    path.write_text(answers.written(before))

    assert "p@ss" not in path.read_text()
    again = answers.settle(
        {}, {**answers.read(path), "smtp_password": GOOD["smtp_password"]}
    )
    assert again == before


def test_the_settings_are_for_root_alone_and_stay(tmp_path):
    path = tmp_path / "pst.env"
    env = settings.merged(answers.settle(GOOD, {}), {})

    assert settings.save(env, path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text(path.read_text() + "PST_BACKUP_COPY_DIR=/mnt/nas\n")
    path.chmod(0o600)
    again = settings.merged(answers.settle(GOOD, {}), settings.read(path))

    assert again == {**env, "PST_BACKUP_COPY_DIR": "/mnt/nas"}
    assert len(env["PST_SECRET_KEY"]) >= 32
    assert settings.password_of(again) == GOOD["smtp_password"]
    assert settings.save(again, path) and not settings.save(again, path)
