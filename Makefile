# Each target sets up what it needs: .venv, the packages, and on Debian and Ubuntu Qt's system libraries.
PYTHON ?= python3
PY := .venv/bin/python
# Modules with a bench of their own, each run as `python -m MODULE`
BENCH := $(addprefix tests.bench.,training_speed startup gui_gaps slider_latency explorer_drag timeline_play window_vs_headless stop_latency long_run big_data)
# Tests run in as many processes as there are cores; those of one file stay together and share what they set up
SPREAD ?= -n auto --dist loadfile
# Real pictures that `make results` trains on
GAN_STUDIO_TEST_DATA ?= ../shared/data
# What `make run` opens: make run OPEN=path/to/run
OPEN ?=

.PHONY: run test test-all check bench screenshots example results packages offscreen

run: packages
	$(PY) .ci/qt_libraries.py window
	$(PY) main.py $(OPEN)

test: offscreen
	$(PY) -m pytest $(SPREAD)

test-all: offscreen
	$(PY) -m pytest $(SPREAD) -m "slow or not slow"

check: packages
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/pyright
	.venv/bin/lint-imports
	$(MAKE) test

bench: offscreen
	$(PY) -m gan_studio bench
	$(foreach module,$(BENCH),$(PY) -m $(module) &&) true

screenshots: offscreen
	$(PY) docs/screenshots.py

example: packages
	$(PY) docs/make_example.py

results: packages
	$(PY) -m docs.figures
	$(PY) -m docs.results --data $(GAN_STUDIO_TEST_DATA)

packages:
	@sh .ci/set_up.sh $(PYTHON)

offscreen: packages
	@$(PY) .ci/qt_libraries.py offscreen
