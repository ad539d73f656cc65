# Two commands: `make run` and `make test`. The rest is for those who change it.
.DEFAULT_GOAL := help
PY := .venv/bin/python
UV := $(shell command -v uv || echo .venv/bin/uv)
LOCK := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links --no-annotate
# Settings of an imagined production site, for the deploy check only.
PRODUCTION := DATABASE_URL=postgresql://check@127.0.0.1/check REDIS_URL=redis://127.0.0.1/0 EMAIL_URL=file: \
	ALLOWED_HOSTS=align.example.com SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')

.PHONY: help run test check bench demo-reset lock

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

run: .venv/run.stamp ## everything on this machine: http://127.0.0.1:8000 (PORT, DATA_DIR, DEMO=0)
	@exec $(PY) manage.py start

test: .venv/dev.stamp ## all tests; those in a browser run where Chromium is installed
	$(PY) -m pytest $(ARGS)

check: .venv/dev.stamp ## lint, types, templates, migrations, deploy check
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check_templates
	@echo "$(PY) manage.py check --deploy   (as in production)"
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

bench: .venv/dev.stamp ## main pages, the clock and the outbox, as tables
	$(PY) -m tests.bench
	$(PY) -m tests.bench.outbox

demo-reset: .venv/run.stamp ## a fresh demo company (the old database is kept beside it)
	@$(PY) manage.py demo_reset

lock: .venv/dev.stamp ## make the locks anew from pyproject.toml (needs uv)
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

.venv/run.stamp: requirements/run.txt
	@requirements/install.sh requirements/run.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt
	@requirements/install.sh requirements/dev.txt
	@touch $@ .venv/run.stamp
