# SPDX-License-Identifier: MIT
#
# The front door. Each target checks its Debian packages first: root gets them installed, others
# are told the command. The work is done by CMake (CMakePresets.json) and scripts/.
#
#   make            build/release           make demo       real traffic through a stack
#   make test       about 4 minutes         make check      style of what changed
#   make install    PREFIX=/usr/local       make bench      the benchmarks
#   make deps       all Debian packages     make format     clang-format everything
PREFIX ?= /usr/local
DESTDIR ?=
PRESETS = release debug clang asan tsan

all: release

deps:
	@scripts/deps all

$(PRESETS):
	@scripts/deps build
	@test -f build/$@/build.ninja || cmake --preset $@
	@cmake --build --preset $@

demo:
	@scripts/deps demo
	@$(MAKE) --no-print-directory release
	@scripts/demo

test:
	@scripts/deps test
	@$(MAKE) --no-print-directory release
	ctest --preset release -j4

check:
	@scripts/deps check
	@$(MAKE) --no-print-directory release
	@scripts/check-all --changed

format:
	@scripts/deps check
	@scripts/check-format --write

bench:
	@scripts/deps bench
	@$(MAKE) --no-print-directory release
	@scripts/bench

install: release asan tsan
	@for preset in release asan tsan; do \
	    DESTDIR="$(DESTDIR)" cmake --install build/$$preset --prefix "$(abspath $(PREFIX))" \
	        >build/$$preset/install.log || exit; \
	done
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" -ne 0 ] || ldconfig
	@echo "installed undis, undis-asan and undis-tsan in $(DESTDIR)$(abspath $(PREFIX))"

clean:
	rm -rf build

.PHONY: all deps demo test check format bench install clean $(PRESETS)
