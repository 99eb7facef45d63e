# One verb per habit; continuous integration calls the same verbs.
# Needs make and Python 3.11 or newer; everything else goes into .venv.

.DEFAULT_GOAL := help
.PHONY: run test again setup lint format bench bench-quality bench-captcha screenshot coverage lock clean help dev

BIN := .venv/bin
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
TESTS :=
UPGRADE :=
PIN := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	$(if $(UPGRADE),--upgrade)

define install
@for python in $(PYTHONS); do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		exec $$python requirements/install.py $(1); \
	fi; \
done; \
echo "Python 3.11 or newer is needed and none was found: install python3 (Debian, Ubuntu: apt install python3 python3-venv)." >&2; \
exit 1
endef

run: setup ## Start everything and print the addresses; Ctrl-C stops it
	@exec $(BIN)/moderation run --stop-with-parent=$$PPID

test: dev ## Run the whole suite; TESTS=path runs a part of it, without the coverage
	@exec $(BIN)/python -m pytest -n 2 $(if $(TESTS),$(TESTS),--cov --cov-report=term)

again: dev ## Run once more, one after the other, the tests that failed in the last run
	@exec $(BIN)/python -m pytest --last-failed --last-failed-no-failures=none

setup: ## Set up .venv to run the service, without starting anything
	$(call install,runtime)

dev:
	$(call install,dev)

screenshot: dev ## Take the pictures that the README shows
	@SCREENSHOT=1 exec $(BIN)/python -m pytest -q tests/browser -k readme

lint: dev ## Check style, types and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: dev ## Put the code into its one form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: dev ## Run the benchmarks and print ratios
	@exec $(BIN)/python -m benchmarks

bench-quality: dev ## Compare the model with textbook ones on the data it was trained on (30 minutes)
	@exec $(BIN)/python -m benchmarks quality

bench-captcha: dev ## Measure what the captcha keeps away, and what it costs (3 minutes)
	@exec $(BIN)/python -m benchmarks captcha-odds

coverage: dev ## Write htmlcov/index.html: which lines the last `make test` ran
	@$(BIN)/coverage html

$(BIN)/uv:
	$(call install,dev)

lock: $(BIN)/uv ## Pin what pyproject.toml asks for, with hashes; UPGRADE=1 takes newer versions
	$(PIN) --group installer -o requirements/installer.txt
	$(PIN) pyproject.toml -o requirements/runtime.txt
	$(PIN) pyproject.toml --group dev -c requirements/runtime.txt -o requirements/dev.txt

clean: ## Remove what the verbs made; the data folder stays
	rm -rf .venv build *.egg-info htmlcov .coverage .coverage.* .hypothesis
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | expand -t 10
