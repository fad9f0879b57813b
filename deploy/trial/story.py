"""What a trial does, one thing after the other, and the transcript of it."""

import re
import time

from deploy.trial.debian import Debian


class Story:
    """What is done one after the other, and what is seen."""

    def __init__(self, debian: Debian) -> None:
        self.debian = debian
        self.told: list[str] = []

    def do(self, command: str, fails: bool = False, tail: int = 60) -> str:
        """Run a command; keep it and its last lines for the transcript."""
        began = time.monotonic()
        output = self.debian.run(f'{command}; echo "exit $?"')
        took = time.monotonic() - began
        assert output.rstrip().endswith("exit 0") != fails, f"$ {command}\n{output}"
        self.tell(
            f"$ {command}    # {took:.0f} s", *output.rstrip().splitlines()[-tail:]
        )
        return output

    def tell(self, *lines: str) -> None:
        for line in lines:
            clean = re.sub(r"(undangan/)[\w-]+", r"\1…", line)
            self.told.append(clean)
            print(clean, flush=True)

    def title(self, text: str) -> None:
        self.tell("", f"## {text}")
