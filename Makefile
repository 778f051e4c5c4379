# The two commands a new user needs: make run, make test. `make help` lists the rest.
PORT ?= 8501
PYTEST_ARGS ?=
VENV_PYTHON := .venv/bin/python
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadfile

# Small matrix code runs up to ten times slower with spinning threads on a busy machine.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test test-fast check format messages bench truth docs screenshots sample environment environment-dev

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{printf "make %-12s %s\n", $$1, $$2}'

environment:
	@.ci/environment requirements.txt

environment-dev:
	@.ci/environment requirements-dev.txt

run: environment ## start the dashboard with the sample company (make run PORT=8600)
	@echo "Flipped Funnel: http://127.0.0.1:$(PORT)   (Ctrl+C stops it)"
	@exec $(VENV_PYTHON) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT) \
		--server.headless true --browser.gatherUsageStats false

test: environment-dev ## all tests, the slow and the browser ones included
	@$(VENV_PYTHON) -m pytest $(SIDE_BY_SIDE) $(PYTEST_ARGS)

test-fast: environment-dev ## the tests that need neither a browser nor patience
	@$(VENV_PYTHON) -m pytest $(SIDE_BY_SIDE) -m "not slow and not browser" $(PYTEST_ARGS)

check: environment-dev ## format, lint and types
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ty check --python .venv

format: environment-dev ## mend format and what lint can mend
	@$(VENV_PYTHON) -m ruff format .
	@$(VENV_PYTHON) -m ruff check --fix .

messages: environment ## take the catalogues up to the code's messages: new ones empty, unused ones gone
	@mkdir -p build
	@.venv/bin/pybabel -q extract --keywords=marked --no-location --sort-output --width=110 \
		--output-file=build/messages.pot app.py pages analytics
	@.venv/bin/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=110 \
		--input-file=build/messages.pot --output-file=analytics/locale/ko.po --locale=ko
	@rm build/messages.pot

bench: environment ## speed and memory, each against a peer and the machine's floor
	@$(VENV_PYTHON) -m benchmarks.ingest
	@$(VENV_PYTHON) -m benchmarks.pages
	@$(VENV_PYTHON) -m benchmarks.roi_interval
	@$(VENV_PYTHON) -m benchmarks.attribution
	@$(VENV_PYTHON) -m benchmarks.lifetime
	@$(VENV_PYTHON) -m benchmarks.retention
	@$(VENV_PYTHON) -m benchmarks.referrals
	@$(VENV_PYTHON) -m benchmarks.allocation
	@$(VENV_PYTHON) -m benchmarks.budget_page
	@$(VENV_PYTHON) -m benchmarks.meeting

truth: environment-dev ## judge the dashboard by companies whose truth is known (an hour; docs/truth.md)
	@$(VENV_PYTHON) -m tests.simulation --seeds 100 --jobs 2

docs: environment ## write the reference pages under docs/ from the code
	@$(VENV_PYTHON) docs/generate.py

screenshots: environment-dev ## take the pictures under docs/ again: every page, both languages, light and dark
	@$(VENV_PYTHON) -m tests.e2e.screenshots

sample: environment ## make the sample company's files again
	@$(VENV_PYTHON) data/sample/generate.py
