"""Measure the Python time of a rerun of the Explore page: `python -m benchmarks.rerun`.

It is processor time: in the moment for which the page waits, so that its map goes ahead of the
rest, Python does nothing.
"""

from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[1] / "app.py"
TARGET_MS = 25


def main(rounds: int = 30) -> None:
    """Print the median time of the script, once warm."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    times: list[float] = []
    run_script = ScriptRunner._run_script

    def timed(self: ScriptRunner, *args: Any, **kwargs: Any) -> None:
        start = thread_time()
        run_script(self, *args, **kwargs)
        times.append(thread_time() - start)

    ScriptRunner._run_script = timed  # type: ignore[method-assign]
    for _ in range(rounds + 3):
        page.run()
    took = median(times[3:]) * 1000
    verdict = "met" if took <= TARGET_MS else "MISSED"
    print(f"Python time of a rerun {took:11.1f} ms   target: {TARGET_MS} {verdict}")


if __name__ == "__main__":
    main()
