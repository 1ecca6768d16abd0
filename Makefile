# Trialogue: the commands of README.md. `make run` and `make test` need a Debian with a Swift toolchain, nothing else.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .build/venv
BUILD_PACKAGES := pkg-config libopus-dev libspeex-dev libopencore-amrnb-dev libopencore-amrwb-dev libvo-amrwbenc-dev \
  libssl-dev libsqlite3-dev espeak-ng sox python3
# What the unit tests compare with.
UNIT_PACKAGES := libgsm1-dev libvpx-dev
TEST_PACKAGES := $(UNIT_PACKAGES) sip-tester baresip ffmpeg sox opus-tools speex gcc openssl chromium \
  firefox-esr pulseaudio iproute2 iptables libasan8 python3-venv
# The fuzz targets of sound's readers and decoders run under the address sanitizer: the C libraries take memory of ours.
SOUND := AMRFile|AU|Decoder|FramedDecoder|ILBCFile|Ogg|OggSpeex|Opus|WAV|WebM
SANITIZED := LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leaks.supp:print_suppressions=0
SANITIZED_BUILD := --package-path Tests/Sanitized --scratch-path .build/sanitized --sanitize=address
TESTS := .build/debug/trialoguePackageTests.xctest --testing-library swift-testing
SOURCES := $(shell find Sources Tests -name '*.swift' -not -path '*/.build/*') Package.swift

.PHONY: run test unit release allocations interop fuzz fuzz-asan g729 asan tsan bench format lint build debug prompts install-build install-unit install-test clean

run: install-build build prompts
	.build/release/trialogue demo $(ARGS)

build: install-build
	swift build -c release --product trialogue

debug: install-build install-unit
	swift build --build-tests

prompts: install-build
	./prompts/make.sh

# Everything: lint, house rules, unit, vector, scenario and short fuzz tests, then real clients against the release build,
# which is made of what the unit tests leave of the cores: they wait for their clocks most of the time.
test: install-build install-test lint debug
	@$(MAKE) --no-print-directory -j2 unit release
	@$(MAKE) --no-print-directory allocations interop
	@echo "All tests passed: lint, unit (with vectors, scenarios, fuzz), real clients."

unit: debug prompts
	SPEECH_DIRECTORY=$(CURDIR)/.build/speech $(TESTS) --no-parallel --skip '^Fuzzing\.'
	$(TESTS) --filter '^Fuzzing\.' --skip '^Fuzzing\.($(SOUND))Fuzzing\b'
	$(SANITIZED) swift test $(SANITIZED_BUILD)

release: debug
	@mkdir -p build
	@{ chrt --idle 0 swift build -c release --product trialogue && \
	  chrt --idle 0 swift build -c release --product RoomBench && \
	  chrt --idle 0 swift build $(SANITIZED_BUILD) --build-tests; } > build/release.log 2>&1 || { cat build/release.log; exit 1; }

# A warm room takes no memory per packet; only an optimised build can tell.
allocations: install-build
	swift build -c release --product RoomBench
	.build/release/RoomBench check

interop: build prompts $(VENV)/ready
	TRIALOGUE=$(CURDIR)/.build/release/trialogue $(VENV)/bin/python -m pytest -q Tests/Interop

lint:
	@echo 'swift format lint --strict'
	@swift format lint --strict --parallel --configuration .swift-format $(SOURCES)

format:
	@swift format --in-place --parallel --configuration .swift-format $(SOURCES)

bench: install-build install-test build prompts
	Tests/Benchmarks/bench.sh

# Ten minutes each, as many at a time as there are cores; FUZZ_SECONDS and FUZZ_SEED change that. Optimised code tries ten times as many
# inputs, and traps as the other does. What a crash was running is in /tmp/trialogue-fuzz; FUZZ_INPUT=FILE runs it alone.
fuzz: install-build install-unit
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} swift test -c release -Xswiftc -enable-testing --scratch-path .build/fuzz \
	  --filter '^Fuzzing\.'

# Sound's, ten minutes each under the address sanitizer; optimised, or it would be far slower.
fuzz-asan: install-build
	$(SANITIZED) FUZZ_SECONDS=$${FUZZ_SECONDS:-600} swift test -c release -Xswiftc -enable-testing \
	  $(subst .build/sanitized,.build/$@,$(SANITIZED_BUILD))

# What is only there with G.729 (a build of its own): against libbcg729, its losses, and the chain to Opus by PESQ.
g729: install-build install-test $(VENV)/ready
	@.ci/install libbcg729-dev
	SPEECH_DIRECTORY=$(CURDIR)/.build/g729/speech swift test --traits G729 --scratch-path .build/g729 \
	  --filter '^(CodecsTests\.(G729|Concealment)|ConferenceTests\.Transcoding|Fuzzing\.FramedDecoder)'
	SPEECH_DIRECTORY=$(CURDIR)/.build/g729/speech $(VENV)/bin/python -m pytest -q -rP Tests/Interop/test_quality.py -k g729

# The unit tests, and the fuzz targets for a moment, under the sanitizers of the compiler.
asan tsan: install-build install-test
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leaks.supp:print_suppressions=0 \
	  TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/races.supp:print_suppressions=0 \
	  FUZZ_SECONDS=$${FUZZ_SECONDS:-5} swift test --scratch-path .build/$@ --no-parallel \
	  --sanitize=$(if $(filter asan,$@),address,thread)

$(VENV)/ready: Tests/Interop/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r Tests/Interop/requirements.txt
	touch $@

install-build:
	@.ci/install $(BUILD_PACKAGES)

install-unit:
	@.ci/install $(UNIT_PACKAGES)

install-test:
	@.ci/install $(TEST_PACKAGES)
	@command -v node >/dev/null || .ci/install nodejs

clean:
	rm -rf .build build
