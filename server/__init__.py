"""The process. Whatever of it is loaded first, numpy comes later: it reckons in one thread.

The threads of its linear algebra, which nothing here uses, would be started before the workers are
forked, and a child has none of its parent's threads.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
