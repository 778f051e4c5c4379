"""`python -m analytics COMMAND --workspace DIR [--json]`: without a browser what the pages do."""

import io
import os
import sys

# Small matrix code runs up to ten times slower with spinning threads; read when numpy is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from analytics.commands import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Names of any script, whatever the terminal's setting; a name that is no text is shown as far as it is.
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
