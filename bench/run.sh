#!/usr/bin/env bash
# Measures everything that docs/benchmarks.md tells, and prints its tables; all figures also go to
# build/bench/results.json. `make bench` calls this.
#
#   bench/run.sh                                        10,000 and 100,000 items
#   SIZES="10000 100000 1000000" bench/run.sh           the whole growth; about 8 GB of disk
#   ONLY=growth SIZES=10000 bench/run.sh                one part: page, writes, growth
#   BUILD=build/other DATA=/big/disk bench/run.sh       elsewhere
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build/bench}
# Peers and load, not needed to run or test the program, and nginx would start a service: not in make setup.
for need in wrk:wrk nginx:nginx-light; do
    command -v "${need%%:*}" > /dev/null || [ -x "/usr/sbin/${need%%:*}" ] || { echo "请先安装：apt-get install ${need##*:} libxapian-dev" >&2; exit 1; }
done
cmake --preset release -B "$build" -DHUABIAO_BENCHES=ON > /dev/null
ninja -C "$build" huabiao growth cached_page db_bench
exec python3 bench/run.py "$build" --sizes "${SIZES:-10000 100000}" --only "${ONLY:-}" --data "${DATA:-$build/data}"
