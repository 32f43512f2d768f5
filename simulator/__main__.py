"""python -m simulator: the same as the command smtpflow."""

import sys

from simulator.cli import main

sys.exit(main())
