"""What must hold of this workbook; nbval compares the outputs of its notebooks beside this."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_workbook_has_no_fault() -> None:
    command = [sys.executable, "-m", "afteach.cli", "validate"]
    environment = os.environ | {"AFTEACH_WORKBOOK": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
