# Everything from a fresh checkout: `make run` sets up and starts the program, `make test` tests it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check format bench pictures clean

run: $(VENV)/.installed
	$(BIN)/smtpflow

test: $(VENV)/.ready
	$(BIN)/pytest -n 2 --dist worksteal

check: $(VENV)/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/smtpflow check scenarios/

format: $(VENV)/.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.ready
	$(BIN)/python -m tests.bench

# The pictures of the README; needs rsvg-convert and the font DejaVu Sans Mono.
pictures: $(VENV)/.ready
	$(BIN)/python -m tests.pictures

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.ready: pyproject.toml $(VENV)/.installed
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist
