"""`python -m bench`: all measurements that we publish."""

import sys

from bench import alerts, gate

sys.exit(gate.main() or alerts.main())
