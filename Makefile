# The two commands of the README are `make demo` and `make test`; each sets up all that it needs first.
# Nothing is downloaded when Optin runs: set-up is the only step that reaches a package index.

SYSTEM_PACKAGES = xvfb openbox dbus at-spi2-core chromium mousepad fonts-liberation fonts-dejavu-core \
	gnome-keyring python3-venv python3-dev python3-gi gir1.2-gtk-3.0 gcc libc6-dev \
	trayer xterm pinentry-gtk2 tesseract-ocr
BIN = .venv/bin
READY = .venv/ready

.PHONY: demo test torture bench bench-recorder bench-redaction bench-text check lock clean

demo: $(READY)
	$(BIN)/optin demo

test: $(READY)
	$(BIN)/python -m pytest -q

torture: $(READY)
	OPTIN_TORTURE=1 $(BIN)/python -m pytest -q -s tests/torture tests/fuzz/test_fuzz.py tests/mutations tests/review/test_every_bit.py

bench: $(READY)
	$(BIN)/python -m benchmarks.queue

# The recorders that Optin's is measured beside have an environment of their own.
bench-recorder: .venv/peers/ready
	$(BIN)/python -m benchmarks.recorder

# Those that redact pictures have another one, and so do not share a cv2 with ours.
bench-redaction: .venv/peers-redaction/ready
	$(BIN)/python -m benchmarks.redaction

# And those that redact text.
bench-text: .venv/peers-text/ready
	$(BIN)/python -m benchmarks.text $(if $(DATA),--data $(DATA))

.venv/peers-text/ready: $(READY) benchmarks/peers/text/requirements.lock benchmarks/peers/text/set-up
	benchmarks/peers/text/set-up
	touch $@

.venv/peers-redaction/ready: $(READY) benchmarks/peers/redaction/requirements.lock benchmarks/peers/redaction/set-up
	benchmarks/peers/redaction/set-up
	touch $@

.venv/peers/ready: $(READY) benchmarks/peers/requirements.lock benchmarks/peers/set-up
	benchmarks/peers/set-up
	touch $@

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(READY): requirements.lock requirements-build.lock requirements-uv.lock pyproject.toml tools/set-up
	tools/set-up "$(SYSTEM_PACKAGES)"
	touch $(READY)

# Newest releases within the floors of pyproject.toml, with hashes and without the address of any index.
LOCK = $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate

lock: $(READY)
	$(LOCK) --all-extras pyproject.toml -o requirements.lock
	echo setuptools | $(LOCK) - -o requirements-build.lock
	echo uv | $(LOCK) - -o requirements-uv.lock
	$(LOCK) benchmarks/peers/requirements.in -o benchmarks/peers/requirements.lock
	$(LOCK) benchmarks/peers/redaction/requirements.in -o benchmarks/peers/redaction/requirements.lock
	$(LOCK) benchmarks/peers/text/requirements.in -o benchmarks/peers/text/requirements.lock

clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
