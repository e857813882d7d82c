# The commands of Primus. `make run` and `make test` need Python 3.11 or later, and nothing else.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test lint messages screenshots bench

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.installed ## Run web server, worker and beat (PORT=8000, DATABASE_URL and REDIS_URL optional)
	@PRIMUS_ENV=$${PRIMUS_ENV:-development} PRIMUS_DEMO=$${PRIMUS_DEMO:-1} \
		exec $(BIN)/python manage.py serve --stop-with-parent

test: $(VENV)/.installed-dev ## Run all tests (ARGS="-k name" chooses)
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

lint: $(VENV)/.installed-dev ## Check style, templates, types, migrations and settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/mypy primus participants mentoring outcomes
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

messages: $(VENV)/.installed ## Collect the texts to translate, and compile the translations
	$(BIN)/python manage.py makemessages --locale da --no-obsolete --no-location --no-wrap --ignore "$(VENV)/*" --ignore "var/*"
	$(BIN)/python manage.py compilemessages --locale da --ignore "$(VENV)/*"

screenshots: $(VENV)/.installed-dev ## Take a picture of every page
	$(BIN)/python -m primus.testing.screenshots

bench: $(VENV)/.installed-dev ## Measure pages and engine against their budgets (BENCH_SCALE=national DATABASE_URL=postgres://…: the whole country)
	$(BIN)/python -m bench

# A stamp for each file of requirements: installed again only when it changes.
$(VENV)/.installed: requirements.txt | $(BIN)/python
	@echo "Installing what Primus needs, a minute or two the first time …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Primus needs Python 3.11 or later; $(PYTHON) is not. Name another: make $(MAKECMDGOALS) PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); echo "No virtual environment could be made; on Debian: apt install python3-venv" >&2; exit 1; }
