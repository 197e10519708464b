"""Runs one worker of the gate, as `schoolgate gate` does, with its clock read from a file: FOLDER with what a school has."""

import sys
from datetime import datetime
from pathlib import Path

from schoolgate import logs
from schoolgate.gate import keys
from schoolgate.gate.adapters.proxy import targets, worker

logs.configure("error")
folder = Path(sys.argv[1])
with worker.listener("127.0.0.1", 0) as reserved:
    port = reserved.getsockname()[1]
    settings = worker.Settings(
        releases=folder / "releases",
        board=folder / "board",
        key=keys.public_key(folder / "keys"),
        spool=folder / "spool",
        host="127.0.0.1",
        port=port,
        portal="http://portal.test/",
        secret=bytes(32),
        hosts=targets.hosts((folder / "hosts").read_text()),
        own=(),
        seconds=lambda: datetime.fromisoformat((folder / "clock").read_text()).timestamp(),
    )
    sys.exit(worker.run(settings, "w0", 0, lambda: print(port, flush=True), lambda: None))
