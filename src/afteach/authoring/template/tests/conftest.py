"""No notebook may see answers that its author gave while trying it."""

import os
import tempfile

_empty = tempfile.TemporaryDirectory(prefix="no-answers-")
os.environ["AFTEACH_ANSWERS"] = _empty.name
