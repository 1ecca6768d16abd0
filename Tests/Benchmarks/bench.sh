#!/usr/bin/env bash
# Measures our server, and Janus and rtpengine where they are installed, on the same work in the same run.
# BENCH_SECONDS (10) is how long each item is measured; BENCH_ONLY takes a part of an item's name; BENCH_PEERS=0 leaves peers out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec "${PYTHON:-python3}" Tests/Benchmarks/bench.py
