"""What the admins' manual says to type, typed as it stands there."""

import re
from pathlib import Path

from deploy.trial.story import Story

MANUALS = Path(__file__).resolve().parent.parent.parent / "docs/panduan"
BLOCK = re.compile(r"(?ms)^```sh\n(.*?)^```")
# A page, a section, and which of its blocks; `deploy/test` restarts by a power cut.
TYPED = (
    ("admin-pemeliharaan", "Lima menit setiap Senin", (0,)),
    ("admin-pemeliharaan", "Pembaruan sendiri dan mulai ulang", (0,)),
    ("admin-pemeliharaan", "Folder replaced-…", (0,)),
)
# What is another one on each server.
DATED = re.compile(r"replaced-\d{8}T\d{6}Z")


def blocks_of(page: str, section: str) -> list[str]:
    """Give the commands of a section, one text for each block."""
    text = (MANUALS / f"{page}.md").read_text().partition(f"\n## {section}\n")[2]
    return BLOCK.findall(text.partition("\n## ")[0])


def type_commands(story: Story) -> None:
    """Type them; what was put aside by a restore is there."""
    story.title("What the manual says to type")
    story.debian.run("apt-get install -y -qq --no-install-recommends sudo")
    newest = story.debian.run("ls /var/lib/pst | grep replaced- | tail -1").strip()
    for page, section, which in TYPED:
        blocks = blocks_of(page, section)
        for number in which:
            for line in blocks[number].splitlines():
                command = DATED.sub(newest, line.partition("  #")[0].rstrip())
                story.do(command, tail=4)
