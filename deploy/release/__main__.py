"""The steps of `bin/release`: look, test, build, write the sums, sign, tag."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.release import archive, bill, version, wheels
from deploy.release.version import Refused, git

BILL = "bill.cdx.json"


def main(words: list[str]) -> int:
    """Make the release that the words ask for; say in one sentence why not."""
    options = arguments(words)
    root = options.source.resolve()
    try:
        number = version.of(root)
        tag = f"v{number}"
        version.refuse_unclean(root)
        version.refuse_other_tag(root, tag)
        if not options.tested:
            run_tests(root)
            version.refuse_unclean(root)
        build(root, number, options)
        if not options.no_tag:
            version.put_tag(root, tag)
    except Refused as error:
        print(f"bin/release: {error}", file=sys.stderr)
        return 1
    return 0


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bin/release")
    say = parser.add_argument
    say("--tested", action="store_true", help="bin/check and bin/test were green")
    say("--no-tag", action="store_true", help="build only")
    say("--sign", type=Path, metavar="KEY", help="an SSH key that signs the sums")
    say("--wheels", type=Path, metavar="FOLDER", help="take these, download nothing")
    say("--out", type=Path, default=Path("dist"), metavar="FOLDER")
    say("--source", type=Path, default=Path(), help=argparse.SUPPRESS)
    return parser.parse_args(words)


def run_tests(root: Path) -> None:
    for script in ("bin/check", "bin/test"):
        if subprocess.run([root / script], cwd=root).returncode:
            raise Refused(f"{script} is not green.")


def build(root: Path, number: str, options: argparse.Namespace) -> None:
    """Write archive, bill of materials and sums; the same commit, the same bytes."""
    os.environ["SOURCE_DATE_EPOCH"] = git(root, "log", "-1", "--format=%ct")
    name = f"pst-{number}"
    out = options.out if options.out.is_absolute() else root / options.out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        own = Path(scratch)
        folder = options.wheels.resolve() if options.wheels else own
        if not options.wheels:
            wheels.fetch(root, folder)
        locks = wheels.locked(root, folder)
        for lock, text in locks.items():
            (own / lock).write_text(text)
        written = bill.written(root, locks[wheels.COPY_LOCK], folder)
        (own / BILL).write_bytes(written)
        files = [*sorted(folder.glob("*.whl")), *(own / lock for lock in locks)]
        more = {"wheels/": files, "": [own / BILL]}
        archive.write(out / f"{name}.tar.gz", root, name, more)
    (out / f"{name}.cdx.json").write_bytes(written)
    print(archive.sum_up(out, [f"{name}.tar.gz", f"{name}.cdx.json"]), end="")
    if options.sign:
        archive.sign(out / archive.SUMS, options.sign)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
