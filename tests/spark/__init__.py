"""What Spark does is what one machine does.

Spark is no part of the usual installation. ``make spark`` installs it.
"""

import importlib.util
import os
import shutil

IS_INSTALLED = importlib.util.find_spec("pyspark") is not None and bool(
    shutil.which("java") or os.environ.get("JAVA_HOME")
)
