"""What the installer asks: every question has a default, bad answers are refused."""

from pathlib import Path

import pytest

from deploy.installer import answers, places, settings
from deploy.installer.answers import BadAnswer
from pst import config
from pst.server import config_values

GOOD = {
    "domain": "pst.contoh.id",
    "smtp_server": "smtp.contoh.id",
    "smtp_user": "pst@contoh.id",
    "smtp_password": "p@ss: $'word\"/#%",
}


def test_every_question_has_a_default():
    values = answers.settle({}, {})

    assert set(values) == {question.name for question in answers.QUESTIONS}
    assert values["time_zone"] == "Asia/Jakarta"
    assert values["admin_email"] == f"admin@{values['domain']}"
    assert values["mail_from"] == "", "no mail server, no sender"


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
    entries = {"Domain": iter(["not a name", "pst.contoh.id"])}
    monkeypatch.setattr(answers.getpass, "getpass", lambda prompt: "")

    found = answers.ask(
        {}, lambda prompt: next(entries.get(prompt.split()[0], iter([""])))
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
    assert settings.answered(again)["smtp_password"] == GOOD["smtp_password"]
    assert len(env["PST_AUDIT_KEY"]) >= 32
    assert settings.save(again, path) and not settings.save(again, path)


@pytest.fixture
def installed(tmp_path, monkeypatch) -> Path:
    """The settings of a server that was installed, on a scratch root."""
    monkeypatch.setattr(places, "ANSWERS", tmp_path / "answers")
    monkeypatch.setattr(places, "SETTINGS", tmp_path / "pst.env")
    monkeypatch.setattr(settings.read, "__defaults__", (places.SETTINGS,))
    monkeypatch.setattr(settings.save, "__defaults__", (places.SETTINGS,))
    first = answers.settle({"domain": "pst.contoh.id"}, {})
    settings.save(settings.merged(first, {}))
    places.ANSWERS.write_text(answers.written(first))
    return places.SETTINGS


def run_again(monkeypatch, given: str = "", **said: str) -> dict[str, str]:
    """Run the part of the installer that settles the settings; Enter for the rest."""
    by_prompt = {q.text: said[q.name] for q in answers.QUESTIONS if q.name in said}

    def read_line(prompt: str) -> str:
        return by_prompt.get(prompt.rpartition(" [")[0], "")

    monkeypatch.setattr(answers.getpass, "getpass", read_line)
    if given:
        path = places.SETTINGS.with_name("given")
        path.write_text(given)
        found = answers.settle(answers.read(path), settings.known_answers())
    else:
        found = answers.ask(settings.known_answers(), read_line)
    settings.save(settings.merged(found, settings.read()))
    places.ANSWERS.write_text(answers.written(found))
    return settings.read()


def edit(path: Path, name: str, line: str) -> None:
    lines = [old for old in path.read_text().splitlines() if not old.startswith(name)]
    path.write_text("\n".join([*lines, line]) + "\n")


@pytest.mark.parametrize(
    ("line", "password"),
    [
        ("PST_MAIL_URL=smtp://it:s3cret@mail.bps.id:587", "s3cret"),
        ("PST_MAIL_URL='smtps://it:s3cret@mail.bps.id:587'", "s3cret"),
        ("PST_MAIL_URL='smtp://it:p#a/s?s@w:%d@mail.bps.id:587'", "p#a/s?s@w:%d"),
        ("PST_MAIL_URL='smtp://it:pa%23ss@mail.bps.id:587'", "pa#ss"),
        ("PST_MAIL_URL='smtp://it:pa$$`w@mail.bps.id:587'", "pa$$`w"),
        ('PST_MAIL_URL="smtp://it:pa\\$w\'@mail.bps.id:587"', "pa$w'"),
    ],
)
def test_a_mail_server_set_by_hand_survives_enter_on_every_question(
    installed: Path, monkeypatch, line: str, password: str, tmp_path
):
    edit(installed, "PST_MAIL_URL", line)
    edit(installed, "PST_MAIL_FROM", "PST_MAIL_FROM='Layanan PST <pst@bps.id>'")

    for _ in range(2):
        env = run_again(monkeypatch)

    url = env["PST_MAIL_URL"]
    mail = config.load({"PST_DATA_DIR": str(tmp_path), "PST_MAIL_URL": url}).mail
    assert mail is not None
    assert (mail.host, mail.port, mail.user) == ("mail.bps.id", 587, "it")
    assert mail.password == password
    assert mail.ssl is ("smtps" in line)
    assert env["PST_MAIL_FROM"] == "Layanan PST <pst@bps.id>"
    assert password not in places.ANSWERS.read_text()


def test_no_old_password_is_given_to_another_server(installed: Path, monkeypatch):
    edit(installed, "PST_", "PST_MAIL_URL=smtp://it:s3cret@mail.bps.id:587")

    env = run_again(monkeypatch, smtp_server="smtp.lain.id")
    assert env["PST_MAIL_URL"] == "smtp://it@smtp.lain.id:587"

    env = run_again(monkeypatch, smtp_password="baru#1")
    assert env["PST_MAIL_URL"] == "smtp://it:baru%231@smtp.lain.id:587"


def test_a_file_without_the_password_keeps_it(installed: Path, monkeypatch):
    edit(installed, "PST_MAIL_URL", "PST_MAIL_URL=smtp://it:s3#cret@mail.bps.id:587")
    given = "smtp_server = mail.bps.id\nsmtp_port = 587\nsmtp_user = it\n"

    env = run_again(monkeypatch, given + "smtp_password =\n")

    assert settings.answered(env)["smtp_password"] == "s3#cret"


def test_mail_that_was_switched_off_by_hand_stays_off(installed: Path, monkeypatch):
    run_again(monkeypatch, smtp_server="mail.bps.id", smtp_user="it")
    edit(installed, "PST_MAIL_URL", "PST_MAIL_URL=")

    assert run_again(monkeypatch)["PST_MAIL_URL"] == ""


def test_other_settings_and_remarks_by_hand_stay(installed: Path, monkeypatch):
    by_hand = {
        "PST_DATA_DIR": "/srv/pst",
        "PST_REDIS_URL": "redis://10.0.0.9:6379/0",
        "PST_DEMO": "1",
        "PST_BASE_URL": "https://layanan.bps.id:8443",
        "PST_BACKUP_COPY_DIR": "/mnt/nas",
    }
    for name, value in by_hand.items():
        edit(installed, name, f"{name}={value}")
    edit(installed, "# NAS", "# NAS of the second floor: ask Pak Hasan")

    env = run_again(monkeypatch)

    assert {name: env[name] for name in by_hand} == by_hand
    assert "# NAS of the second floor" in installed.read_text()


@pytest.mark.parametrize(
    ("name", "near"),
    [("PST_MAILURL", "PST_MAIL_URL"), ("PST_BACKUP_COPYDIR", "PST_BACKUP_COPY_DIR")],
)
def test_a_misspelt_setting_is_refused_at_start_with_the_right_one(
    tmp_path, name: str, near: str
):
    with pytest.raises(
        config_values.BadSetting, match=f"{name} is no .* Is {near} meant"
    ):
        config.load({"PST_DATA_DIR": str(tmp_path / "data"), name: "x"})
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("password", ["a#b", "a/b?c", "a@b:c", "50%", "%23", " x "])
def test_a_mailbox_of_bounces_takes_any_password(tmp_path, password: str):
    url = f"imaps://pst%40bps.id:{password}@mail.bps.id/INBOX"
    given = {"PST_DATA_DIR": str(tmp_path), "PST_BOUNCE_URL": url}

    mailbox = config.load(given).bounce_mailbox

    assert mailbox is not None
    assert (mailbox.host, mailbox.user) == ("mail.bps.id", "pst@bps.id")
    assert mailbox.password == password.replace("%23", "#")
