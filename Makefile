# Two commands: `make run` and `make test`. The rest is for those who change it.
.DEFAULT_GOAL := help
PY := .venv/bin/python
UV := $(shell command -v uv || echo .venv/bin/uv)
WORKERS := 2
LOCK := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links --no-annotate
# Settings of an imagined production site, for the deploy check only.
PRODUCTION := DATABASE_URL=postgresql://check@127.0.0.1/check REDIS_URL=redis://127.0.0.1/0 EMAIL_URL=file: \
	ALLOWED_HOSTS=align.example.com SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')

.PHONY: help run test check check-templates layout bench bench-large fuzz demo-reset lock

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

run: .venv/run.stamp ## everything on this machine: http://127.0.0.1:8000 (PORT, DATA_DIR, DEMO=0)
	@exec $(PY) manage.py start

test: .venv/dev.stamp ## all tests; those in a browser run where Chromium is installed
	$(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: .venv/dev.stamp check-templates ## lint, types, templates, migrations, deploy check
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run
	@echo "$(PY) manage.py check --deploy   (as in production)"
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

check-templates: .venv/dev.stamp ## templates compile and are laid out (`make layout` does it)
	$(PY) manage.py check_templates
	find templates -name '*.html' | xargs .venv/bin/djade --target-version 5.2 --check
	.venv/bin/djhtml --tabwidth 2 --check templates

layout: .venv/dev.stamp ## lay out Python and templates
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	find templates -name '*.html' | xargs .venv/bin/djade --target-version 5.2 || true
	.venv/bin/djhtml --tabwidth 2 templates

bench: .venv/dev.stamp ## main pages, the sweep and the outbox, as tables
	$(PY) -m tests.bench
	$(PY) -m tests.bench.outbox

bench-large: .venv/dev.stamp ## every list and export with 200 teams after five years (DATABASE_URL, or SQLite)
	$(PY) -m tests.bench.large
	$(PY) -m tests.bench.deal_list
	$(PY) -m tests.bench.movement
	$(PY) -m tests.bench.committed
	$(PY) -m tests.bench.team_page
	$(PY) -m tests.bench.home
	$(PY) -m tests.bench.mix

fuzz: .venv/dev.stamp ## every address asked in odd ways, ROUNDS times (100), from another SEED each time
	FUZZ_ROUNDS=$(or $(ROUNDS),100) FUZZ_SEED=$(or $(SEED),$$(date +%s)) $(PY) -m pytest -n $(WORKERS) tests/abuse/test_crawler.py

demo-reset: .venv/run.stamp ## a fresh demo company in place of the old one (asks; keeps a copy)
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
