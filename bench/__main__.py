"""`python -m bench`: all measurements that we publish. So far there is one."""

import sys

from bench.gate import main

sys.exit(main())
