"""Processes that go on being there and do nothing: who replaces them, and whom."""

from functools import partial

from deploy.trial.story import Story

PROGRAM = "/opt/pst/current/prefork.py"
# After how many seconds a silent one is given up, in the trial: more than there are
# between two signs of life of one that is well.
QUICK = "s/^PATIENCE_S = .*/PATIENCE_S = {WEB: 15, WORKER: 90, SCHEDULER: 90}/"
DROP_IN = "/run/systemd/system/pst-web.service.d"
PATIENCE_S = 400


def replaced(story: Story) -> None:
    """Stop one after the other; see the parent replace it alone, or all start again."""
    story.title("Processes that hang are replaced (patience made shorter)")
    story.debian.run(f"cp {PROGRAM} prefork.py; sed -i '{QUICK}' {PROGRAM}")
    quick = "[Service]\\nWatchdogSec=15\\nTimeoutAbortSec=1\\n"
    story.debian.run(f"mkdir -p {DROP_IN}; printf '{quick}' > {DROP_IN}/quick.conf")
    story.debian.run("systemctl daemon-reload; systemctl restart pst-web")
    parent = main_pid(story)
    for name in ("pst-worker-1", "pst-scheduler"):
        (pid,) = children(story, parent, name)
        story.do(f": {name}; kill -STOP {pid}", tail=0)
        look = partial(is_another, story, parent, name, pid)
        story.debian.wait(look, name, PATIENCE_S)
        assert main_pid(story) == parent
        story.tell(f"# replaced, and nothing else: {name}")
    (web,) = children(story, parent, "pst-web")
    serving = " ".join(children(story, web, "pst-web"))
    story.do(f": pst-web; kill -STOP {serving}", tail=0)
    story.debian.wait(lambda: main_pid(story) not in ("0", parent), "all", PATIENCE_S)
    story.tell("# replaced: all of them")
    story.debian.run(f"rm -r {DROP_IN}; mv prefork.py {PROGRAM}")
    story.debian.run("systemctl daemon-reload; systemctl restart pst-web")
    story.do("pst status")
    story.do("pst log | grep -o 'worker-1 has been silent' | tail -1")


def main_pid(story: Story) -> str:
    return story.debian.run("systemctl show -P MainPID pst-web").strip()


def children(story: Story, parent: str, name: str) -> list[str]:
    """List the processes of this name that a process has forked."""
    each = f"for p in $(cat /proc/{parent}/task/{parent}/children)"
    look = f"{each}; do grep -qx {name} /proc/$p/comm && echo $p; done; true"
    return story.debian.run(look).split()


def is_another(story: Story, parent: str, name: str, pid: str) -> bool:
    pids = children(story, parent, name)
    return bool(pids) and pids != [pid]
