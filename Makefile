# make             builds build/deepq
# make demo        installs what is missing, builds, trains on our cartridge `bricks`, shows what was learnt
# make test        installs what is missing, builds, runs the tests
# make test-slow   kills, damages and broken disks by the hundred: about two minutes
# make test-asan   the same tests under the address and undefined-behaviour sanitizers; test-tsan: threads
# make fuzz        gives each fuzz target of tests/fuzz FUZZ_SECONDS (60) of made-up input; needs clang
# make install     puts deepq, its manual, libdeepq-atari and libdeepq-nn into PREFIX (/usr/local)
# make clean       removes the builds, never the runs
#
# CMake does the work: see CMakePresets.json. Only apt-get is ever run as root.
SEED ?= 1
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: all demo test test-slow test-asan test-tsan fuzz install clean packages

all:
	@scripts/packages.sh check
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build --preset release --target deepq

packages:
	@scripts/packages.sh install

demo: packages
	@$(MAKE) --no-print-directory all
	@scripts/demo.sh build/deepq $(SEED)

test: packages
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build --preset release
	@ctest --preset release -j$(JOBS)

test-slow: packages
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build --preset release
	@echo "this takes about two minutes"
	@ctest --preset release -C slow -L slow -j$(JOBS)

test-asan test-tsan: test-%: packages
	cmake --preset $*
	cmake --build --preset $*
	@ctest --preset $* -j$(JOBS)

fuzz: packages
	@cmake --preset fuzz --log-level=WARNING >/dev/null
	@cmake --build --preset fuzz
	@for target in cartridge console; do \
	    mkdir -p build-fuzz/found/$$target && \
	    build-fuzz/tests/fuzz_$$target -max_total_time=$(FUZZ_SECONDS) -timeout=20 -print_final_stats=1 \
	        -artifact_prefix=build-fuzz/found/$$target- build-fuzz/found/$$target tests/fuzz/corpus/$$target \
	        || exit 1; \
	done

install: all
	@cmake --build --preset release --target deepq_manual deepq_atari_shared deepq_atari_static \
	    deepq_nn_shared deepq_nn_static
	cmake --install build --prefix $(PREFIX)

clean:
	rm -rf build build-debug build-asan build-tsan build-fuzz
