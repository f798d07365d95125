# Works with GNU make 3.81 and later, on Linux and macOS. "make" alone lists the targets.

PORT ?= 8501
ADDRESS = 127.0.0.1
ARGS =
PYTHON ?=

# Ends the recipe with a message where no fitting Python is found.
SETUP = python=$$(sh scripts/dev_python.sh "$(PYTHON)") && \
	"$$python" scripts/dev_setup.py setup $(if $(PYTHON),--chosen)
VENV_PYTHON = .venv/bin/python

.PHONY: help run test lint lock audit-deps bench soak fuzz clean

help:
	@echo "make run     set up .venv and serve the app at http://localhost:$(PORT)"
	@echo "make test    run all tests, the browser's included"
	@echo "make lint    check style, format and types"
	@echo "make bench   measure the app against plain ones, in a browser"
	@echo "make soak    kill audits ten times over; have readers on the page for an hour"
	@echo "make fuzz    try 100,000 damaged and odd inputs at every door"
	@echo "make lock    write requirements.lock anew from requirements.txt"
	@echo "make audit-deps  ask whether faults are known in what it holds"
	@echo "make clean   remove .venv, caches and built files"
	@echo "Options: PORT=8502  ADDRESS=0.0.0.0 (for other machines)  PYTHON=python3.12"
	@echo "         ARGS='-k map' (for pytest or the benchmark; '--minutes 15' for soak)  CORRIDOR_BROWSER=/path/to/chrome"

run:
	@$(SETUP) run
	@$(VENV_PYTHON) scripts/dev_setup.py serve "$(ADDRESS)" "$(PORT)"

test:
	@$(SETUP) dev
	@$(VENV_PYTHON) scripts/dev_browser.py
	@$(VENV_PYTHON) scripts/dev_office.py
	@echo "Running the tests."
	@$(VENV_PYTHON) -m pytest --numprocesses auto --dist loadgroup $(ARGS)

lint:
	@$(SETUP) dev
	@echo "Checking style (ruff check)."
	@$(VENV_PYTHON) -m ruff check --quiet --output-format concise
	@echo "Checking format (ruff format)."
	@$(VENV_PYTHON) -m ruff format --check --quiet
	@echo "Checking types (mypy)."
	@$(VENV_PYTHON) -m mypy

bench:
	@$(SETUP) dev
	@$(VENV_PYTHON) scripts/dev_browser.py
	@$(VENV_PYTHON) -m pip install --quiet -r benchmarks/requirements.txt
	@$(VENV_PYTHON) -m pip install --quiet --no-deps --upgrade --target build/alone -r benchmarks/requirements-alone.txt
	@echo "Measuring, at the end in the browser (about ten minutes)."
	@$(VENV_PYTHON) -m benchmarks.geometry
	@$(VENV_PYTHON) -m benchmarks.crossings
	@$(VENV_PYTHON) -m benchmarks.corridor
	@$(VENV_PYTHON) -m benchmarks.rerun
	@$(VENV_PYTHON) -m benchmarks.audit
	@$(VENV_PYTHON) -m benchmarks.pack
	@$(VENV_PYTHON) -m benchmarks.closing
	@$(VENV_PYTHON) -m benchmarks.many
	@$(VENV_PYTHON) -m benchmarks.browser $(ARGS)

soak:
	@$(SETUP) dev
	@echo "Killing and resuming audits."
	@$(VENV_PYTHON) -m scripts.soak_audit
	@echo "Having fifty readers at once, and then readers who come and go."
	@$(VENV_PYTHON) -m scripts.soak_sessions $(ARGS)

fuzz:
	@$(SETUP) dev
	@echo "Trying inputs at all doors (what fails is kept in build/fuzz)."
	@$(VENV_PYTHON) -m scripts.fuzz_doors $(ARGS)

lock audit-deps:
	@$(SETUP) run
	@$(VENV_PYTHON) -m pip install --quiet --upgrade --target build/lock -r scripts/requirements-lock.txt
	@$(VENV_PYTHON) -m scripts.dependencies $(@:-deps=) $(ARGS)

clean:
	@echo "Removing .venv, caches and built files."
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build
	@find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
