#!/usr/bin/env bash
# Everything, in the order of what fails fastest. Goes on after a failure, so that one run tells all,
# and closes with one line of counts.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0
failed=0

step() { # name, command…: counts as one check
    local name=$1 began=$SECONDS
    shift
    echo "── $name"
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "✗ $name"
    fi
    echo "   $((SECONDS - began)) s"
}

format_check() { git ls-files 'src/*.cpp' 'src/*.h' 'bench/*.cpp' 'tests/*.cpp' | xargs clang-format --dry-run --Werror; }
configure() { [ -f build/build.ninja ] || cmake --preset release > build/configure.log 2>&1 || { tail -30 build/configure.log; return 1; }; }
compile() { ninja -C build -v -d stats > build/compile.log 2>&1 || { grep -E 'error|FAILED' build/compile.log | head -40; return 1; }; }
console() { make --silent build/web/index.html; }

unit_tests() {
    ctest --preset release > build/ctest.log 2>&1
    local code=$?
    local good bad
    good=$(grep -cE '^ *[0-9]+/[0-9]+ Test .* Passed' build/ctest.log)
    bad=$(grep -E '^ *[0-9]+/[0-9]+ Test .*\*\*\*' build/ctest.log | grep -cv '\*\*\*Skipped')
    passed=$((passed + good))
    failed=$((failed + bad))
    tail -25 build/ctest.log
    if [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then return 1; fi
    [ "$good" -gt 0 ]
}

count_json() { # file, passed path, failed path
    python3 - "$1" "$2" "$3" <<'P'
import json, sys
data = json.load(open(sys.argv[1]))
for path in sys.argv[2:]:
    value = data
    for part in path.split('.'):
        value = value.get(part, 0)
    print(value)
P
}

vitest() {
    (cd web && npx vitest run --reporter=default --reporter=json --outputFile=../build/vitest.json)
    local code=$?
    mapfile -t counts < <(count_json build/vitest.json numPassedTests numFailedTests)
    passed=$((passed + ${counts[0]:-0}))
    failed=$((failed + ${counts[1]:-0}))
    return $code
}

journeys() {
    (cd web && PLAYWRIGHT_JSON_OUTPUT_NAME="$PWD/../build/e2e.json" npx playwright test -c e2e/playwright.config.ts --reporter=line,json)
    local code=$?
    mapfile -t counts < <(count_json build/e2e.json stats.expected stats.unexpected)
    passed=$((passed + ${counts[0]:-0}))
    failed=$((failed + ${counts[1]:-0}))
    return $code
}

mkdir -p build
step "格式" format_check
step "规矩（tools/tidy.py）" python3 tools/tidy.py
step "配置" configure
step "编译" compile
step "控制台：构建" console
step "C++ 与黑盒测试" unit_tests
step "控制台：类型与风格" bash -c 'cd web && npm run --silent check'
step "控制台：单元测试" vitest
step "浏览器旅程" journeys

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
