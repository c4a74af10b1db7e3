# make demo: install, fetch the models, ingest seeds/, ask a question.
# make test: install what the tests need and run them all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_STORE := .demo-store

.PHONY: demo test format clean

demo: $(VENV)/.product
	@echo "== Models: fetched once, verified by their hashes"
	@$(BIN)/rag models pull
	@echo "== Articles: seeds/"
	@$(BIN)/rag ingest --store $(DEMO_STORE) seeds
	@echo "== Asked on 3 December 2024: Who took control of Aleppo, and when?"
	@$(BIN)/rag ask --store $(DEMO_STORE) --as-of 2024-12-03 "Who took control of Aleppo, and when?"

test: $(VENV)/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/rag models pull smollm2-135m all-MiniLM-L6-v2 qwen2.5-coder-1.5b
	$(BIN)/python -m pytest

format: $(VENV)/.tests
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(DEMO_STORE)

$(VENV)/.pip: constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --constraint constraints.txt pip
	@touch $@

$(VENV)/.product: $(VENV)/.pip pyproject.toml
	@echo "== Installing; llama.cpp is compiled for this processor, 5 to 10 minutes the first time"
	$(BIN)/python -m pip install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.product
	$(BIN)/python -m pip install --constraint constraints.txt --group test --editable ".[documents,warc]"
	@touch $@
