# What can be made of Tidegate.
#
#   make test    everything that must pass: format, lints, Rust tests, dashboard checks, browser tests
#   make check   format and lints alone
#   make web     builds the dashboard where it changed, and checks it
#   make schema  asks a server whatever its OpenAPI document allows; needs python3 with venv, and PyPI
#   make bench   the benchmark over generated logs; BENCH_LINES=100000000 for the large one
#   make demo    an invented company's log, imported and served
#   make deb     the Debian package, in target/debian/; needs cargo-deb
#   make fuzz    each target of fuzz/ for FUZZ_SECONDS, one after the other; needs nightly Rust and cargo-fuzz
#
# Needs cargo (1.95 or newer) with rustfmt and clippy, a C compiler and Node 20.19; .ci/needs installs the rest as root.

CARGO ?= cargo
# Lines of the large log, how often it is imported, and what else the benchmark is told (see `make bench BENCH_ARGS=--help`).
BENCH_LINES ?= 10000000
BENCH_RUNS ?= 1
BENCH_ARGS ?=
# How long each target is fuzzed, which ones, and what libFuzzer is told besides.
FUZZ_SECONDS ?= 600
FUZZ_TARGETS ?= $(notdir $(basename $(wildcard fuzz/fuzz_targets/*.rs)))
FUZZ_ARGS ?=

# Where the lock file must be right already.
LOCKED := $(if $(CI),--locked)
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))

.PHONY: test check needs fmt clippy rust web e2e schema bench demo deb fuzz
.NOTPARALLEL:

# The dashboard first: what compiles Rust takes it as it finds it, and builds its own where there is none.
test: needs fmt web clippy rust e2e

check: fmt clippy

needs:
	@bash .ci/needs cargo rustfmt clippy cc node npm chromium squid zstd bzip2 xz words modsecurity xmllint

fmt:
	$(CARGO) fmt --check

clippy:
	$(CARGO) clippy $(LOCKED) --all-targets -- -D warnings

# nextest where it is installed; it leaves examples in the documentation to cargo. What libmodsecurity is needed for
# must not be left out. The counts of the rules' hits and near-misses are printed by the binary: the tests that run them
# say nothing where they pass.
rust: export TIDEGATE_REQUIRE_MODSECURITY = 1
rust:
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
	  set -x; $(CARGO) nextest run $(LOCKED) --no-fail-fast; \
	else \
	  set -x; $(CARGO) test $(LOCKED) --lib --bins --tests --no-fail-fast; \
	fi
	@if grep -rqE '^ *//[/!] ```' src; then set -x; $(CARGO) test $(LOCKED) --doc; fi
	$(TARGET)/debug/tidegate waf test --rules waf-rules

web/node_modules: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

DIST := web/dist/index.html
$(DIST): web/node_modules $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*')
	cd web && npm run build
	@touch $@

web: $(DIST)
	cd web && npm run check

# The binary of the Rust tests, so that nothing is built twice.
e2e: $(DIST)
	$(CARGO) test $(LOCKED) --no-run
	cd web && TIDEGATE_BIN=$(TARGET)/debug/tidegate npm run e2e

# Not part of `test`: installs schemathesis from PyPI into a directory of its own, and takes minutes.
schema:
	$(CARGO) build $(LOCKED)
	tests/schema/run $(SCHEMA_CASES)

bench:
	$(CARGO) bench $(LOCKED) --bench suite -- --lines $(BENCH_LINES) --runs $(BENCH_RUNS) $(BENCH_ARGS)

demo: $(DIST)
	$(CARGO) run $(LOCKED) --release -- demo

# What the binary says of itself, completions and manual pages, goes into the package.
deb: $(DIST)
	@$(CARGO) deb --version >/dev/null 2>&1 || { echo "make deb needs cargo-deb: cargo install cargo-deb" >&2; exit 2; }
	$(CARGO) build $(LOCKED) --release --bin tidegate
	@$(MAKE) --no-print-directory package-files BINARY=$(TARGET)/release/tidegate
	$(CARGO) deb --no-build

.PHONY: package-files
package-files:
	rm -rf $(TARGET)/package && mkdir -p $(TARGET)/package/man
	$(BINARY) man $(TARGET)/package/man
	$(BINARY) completions bash >$(TARGET)/package/tidegate.bash
	$(BINARY) completions zsh >$(TARGET)/package/_tidegate
	$(BINARY) completions fish >$(TARGET)/package/tidegate.fish

# Without a sanitizer: it would look for what safe Rust doesn't do, at half the speed. Debug assertions and overflow
# checks are on. New inputs are kept in fuzz/corpus/, those that fail in fuzz/artifacts/.
fuzz:
	@$(CARGO) +nightly fuzz --version >/dev/null 2>&1 || \
	  { echo "make fuzz needs nightly Rust and cargo-fuzz: rustup toolchain install nightly && cargo install cargo-fuzz" >&2; exit 2; }
	set -e; for target in $(FUZZ_TARGETS); do \
	  mkdir -p fuzz/corpus/$$target; \
	  dictionary=fuzz/dictionaries/$$target.dict; [ -f $$dictionary ] || dictionary=; \
	  $(CARGO) +nightly fuzz run -O -a --codegen-units 16 --sanitizer none $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
	    -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 -rss_limit_mb=2048 $${dictionary:+-dict=$$dictionary} $(FUZZ_ARGS); \
	done
