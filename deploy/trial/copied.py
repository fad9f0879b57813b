"""The continuous copy on an installed server: switched on, the disk lost, put back."""

import json
import re
import time

from deploy.trial.story import Story
from deploy.trial.visitor import Visitor

AWAY = "/mnt/nas/pst"
SETTINGS = "/etc/pst/pst.env"
ALL = "pst-web pst-copy"
PATIENCE_S = 180


def copy_away(
    story: Story, person: Visitor, address: str, password: str, source: str
) -> None:
    """Lose the disk just after a message, and bring the message back from afar."""
    story.title("The continuous copy: switched on, the disk lost, put back")
    story.debian.run(f"install -d -o pst -g pst -m 700 {AWAY}")
    story.do(f"echo PST_COPY_URL=file://{AWAY} >> {SETTINGS}")
    story.do("pst restart", tail=4)
    story.do("systemctl is-active pst-copy")
    story.do("systemd-analyze security pst-copy | tail -1")
    story.do("ls /opt/pst/current/.venv/bin | grep -E 'litestream|rclone'")
    said_at = say(person, address, "sebelum disk hilang")
    story.debian.wait(lambda: is_away(story, said_at), "the copy", PATIENCE_S)
    story.do("pst copy status")
    story.do("pst copy list")
    story.debian.run(f"systemctl kill -s KILL {ALL}; systemctl stop {ALL}")
    story.do("rm -rf /var/lib/pst/*", tail=0)
    story.do(f"{source}/deploy/install --yes", tail=8)
    story.debian.wait(lambda: is_away(story, 0), "the empty office's", PATIENCE_S)
    output = story.do("pst restore-copy", fails=True)  # the empty office copies as well
    (end,) = re.findall(r"--at (\S+) or", output)
    story.do(f"pst restore-copy --at {end}", tail=12)
    person.log_in("siti@contoh.test", password)
    page = person.ask(address).text
    assert "sebelum disk hilang" in page, page[-2000:]
    story.tell("# what was written just before is there; the copy goes on from here")
    said_at = say(person, address, "sesudah disk hilang")
    story.debian.wait(lambda: is_away(story, said_at), "the next copy", PATIENCE_S)
    story.do("pst copy status")
    story.do(f"sed -i /^PST_COPY_URL=/d {SETTINGS} && pst restart", tail=4)
    story.do("systemctl is-active pst-copy", fails=True)


def say(person: Visitor, address: str, words: str) -> float:
    """Send a message; return when it was taken."""
    form = {"csrf_token": person.token(), "key": words, "body": words}
    assert person.ask(f"{address}/pesan", form, HX_Request="true").status == 204
    return time.time()


def is_away(story: Story, since: float) -> bool:
    """Return whether everything written before `since` is in the copy."""
    look = "cat /var/lib/pst/continuous-copy/state.json 2>/dev/null || echo {}"
    return json.loads(story.debian.run(look)).get("complete_at", 0) > since
