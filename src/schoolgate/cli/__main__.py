"""`python -m schoolgate.cli` is the `schoolgate` program."""

import sys

from schoolgate.cli.main import main

sys.exit(main())
