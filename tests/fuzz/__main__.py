"""``python -m tests.fuzz --reader html --minutes 10``: look for what breaks a reader.

Guided by coverage where ``atheris`` is installed (README.md says how), else by
chance. What breaks a promise is kept below ``--findings`` with where it broke, one
file for each place; the exit code is 1 if there is any.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType

try:
    import atheris
except ImportError:
    atheris = None

if atheris is not None:
    # What is read further is no reader: as it is, it is faster, and does not guide.
    import ingest.columns.readings
    import ingest.prose.policy
    import ingest.prose.reader  # noqa: F401

    with atheris.instrument_imports(include=["ingest"]):
        from tests.fuzz import promises
else:
    from tests.fuzz import promises

from tests.fuzz.mutation import (
    HTML_TOKENS,
    MAIL_TOKENS,
    MOST_BYTES,
    PDF_TOKENS,
    TOKENS,
    mutated,
)
from tests.fuzz.seeds import seeds

_MEMORY = 4 * 1024**3
_SECONDS_OVER = 300
_FURTHER = 8  # one in so many: headers and prose take most of the time
_WORDS = {"text": [], "csv": [], "pdf": PDF_TOKENS, "mht": MAIL_TOKENS}


class Hunt:
    """Checks bytes, keeps what breaks a promise, ends when its time is over."""

    def __init__(self, reader: str, minutes: float, findings: Path) -> None:
        self.reader = reader
        self.tried = self.read = 0
        self.found: dict[str, Path] = {}
        self._findings = findings / reader
        self._begun = time.process_time()  # others on the machine do not count
        self._seconds = minutes * 60
        self._told = self._begun

    @property
    def is_over(self) -> bool:
        return time.process_time() - self._begun > self._seconds

    def check(self, data: bytes) -> None:
        self.tried += 1
        self._write("current", data)  # what a crash of the process leaves
        try:
            further = self.tried % _FURTHER == 0
            document = promises.check(self.reader, data, further=further)
            self.read += document is not None
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self._keep(data, error)
        if time.process_time() - self._told > 60:
            self._told = time.process_time()
            print(self.summary(), flush=True)

    def summary(self) -> str:
        seconds = time.process_time() - self._begun
        return (
            f"{self.reader}: {self.tried} files in {seconds:.0f} s of processor,"
            f" {self.read} of them read, {len(self.found)} places that broke"
        )

    def _keep(self, data: bytes, error: BaseException) -> None:
        place = _place(error.__traceback__)
        key = f"{type(error).__name__} {place}"
        smallest = self.found.get(key)
        if smallest is not None and smallest.stat().st_size <= len(data):
            return
        name = hashlib.sha256(key.encode()).hexdigest()[:12]
        self.found[key] = self._write(name, data)
        told = "".join(traceback.format_exception(error))
        self._write(f"{name}.txt", told[-6000:].encode())
        if smallest is None:
            print(f"{key}: {str(error)[:300]}\n  {self.found[key]}", flush=True)

    def _write(self, name: str, data: bytes) -> Path:
        self._findings.mkdir(parents=True, exist_ok=True)
        path = self._findings / name
        path.write_bytes(data)
        return path


def _place(trace: TracebackType | None) -> str:
    """The innermost line of the project's code, which tells findings apart."""
    frames = traceback.extract_tb(trace)
    frames = [f for f in frames if "site-packages" not in f.filename]
    inner = [f for f in frames if "/ingest/" in f.filename] or frames
    return f"{Path(inner[-1].filename).name}:{inner[-1].lineno} {frames[-1].lineno}"


def by_chance(hunt: Hunt, rng: random.Random) -> None:
    """Changes of the seeds, without a guide."""
    begin = seeds(hunt.reader)
    for data in begin:
        hunt.check(data)
    while not hunt.is_over:
        hunt.check(mutated(hunt.reader, rng.choice(begin), rng, begin))


def guided(hunt: Hunt, corpus: Path) -> None:
    """What reaches new lines of the readers is kept and changed further."""
    corpus.mkdir(parents=True, exist_ok=True)
    begin = seeds(hunt.reader)
    for data in begin:
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = corpus.with_suffix(".dict")
    lines = (
        'w{}="{}"'.format(n, "".join(f"\\x{byte:02x}" for byte in token))
        for n, token in enumerate((*TOKENS, *_WORDS.get(hunt.reader, HTML_TOKENS)))
        if token
    )
    words.write_text("\n".join(lines) + "\n")

    def change(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        is_text = hunt.reader in ("text", "csv", "html", "mht")
        if rng.random() < (0.3 if is_text else 0.05):
            return bytes(atheris.Mutate(data, most))
        return mutated(hunt.reader, data, rng, begin)[:most]

    def check(data: bytes) -> None:
        hunt.check(data)
        if hunt.is_over:
            _end(hunt)

    arguments = [
        sys.argv[0],
        str(corpus),
        *(f"-dict={words}", f"-max_len={MOST_BYTES}", "-rss_limit_mb=0"),
        *(
            "-timeout=1000000",
            "-print_final_stats=0",
            "-verbosity=0",
            "-close_fd_mask=0",
        ),
        *("-report_slow_units=100000", f"-artifact_prefix={corpus.parent}/"),
    ]
    atheris.Setup(arguments, check, custom_mutator=change)
    atheris.Fuzz()


def _end(hunt: Hunt) -> None:
    print(hunt.summary(), flush=True)
    sys.stdout.flush()
    # The guide takes an ordinary exit for a crash.
    os._exit(1 if hunt.found else 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", choices=promises.READERS, required=True)
    parser.add_argument(
        "--minutes", type=float, default=10, help="of a processor, not of the day"
    )
    parser.add_argument("--findings", type=Path, default=Path(".build/fuzz"))
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--by-chance", action="store_true")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    # What no signal comes through to ends the process; ``current`` tells on what.
    most = int(options.minutes * 60 + _SECONDS_OVER)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    hunt = Hunt(options.reader, options.minutes, options.findings)
    if atheris is None or options.by_chance:
        by_chance(hunt, random.Random(options.seed))
    else:
        guided(hunt, options.findings / f"{options.reader}.corpus")
    _end(hunt)


if __name__ == "__main__":
    main()
