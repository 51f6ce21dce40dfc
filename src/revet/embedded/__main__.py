"""`python -m revet.embedded --state DIR`: run the embedded AWS."""

import sys

from revet.embedded.process import main

sys.exit(main())
