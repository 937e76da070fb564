#!/usr/bin/env python3
"""What the compiler can't see: the house rules. Names file, line and remedy; exit 1 when one is broken."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
src = root / "src"
faults = []


def fault(path, line, text):
    faults.append(f"{path.relative_to(root)}:{line}: {text}")


def read_contracts():
    """room name -> folder, exports, public, private, tests"""
    rooms = {}
    for contract in src.rglob("CMakeLists.txt"):
        text = re.sub(r"#.*", "", contract.read_text())
        found = re.search(r"huabiao_module\(\s*(\w+)(.*?)\)", text, re.S)
        if not found:
            continue
        room = {"folder": contract.parent, "EXPORTS": set(), "PUBLIC": set(), "PRIVATE": set(), "TESTS": set()}
        key = None
        for word in found.group(2).split():
            if word in room and word != "folder":
                key = word
            elif key:
                room[key].add(word)
        rooms[found.group(1)] = room
    return rooms


rooms = read_contracts()
by_folder = {room["folder"]: name for name, room in rooms.items()}


def room_of(path):
    for folder in path.parents:
        if folder in by_folder:
            return by_folder[folder]
    return None


def reachable(name, is_test):
    """Rooms a file of this room may include: itself, what it names, and what those pass on."""
    seen = {name}
    room = rooms[name]
    waiting = list(room["PUBLIC"] | room["PRIVATE"] | (room["TESTS"] if is_test else set()))
    while waiting:
        other = waiting.pop()
        if other in seen or other not in rooms:
            continue
        seen.add(other)
        waiting.extend(rooms[other]["PUBLIC"])
    return seen


def check_includes(path, lines):
    name = room_of(path)
    is_test = path.stem.endswith(("_test", "_bench", "_fuzz", "_fixture"))
    for number, line in enumerate(lines, 1):
        local = re.match(r'#include "([^"]+)"', line)
        if local:
            target = local.group(1)
            if ".." in target:
                fault(path, number, "include by the full name from src/, not with ../")
                continue
            header = src / target
            other = room_of(header) if header.exists() else None
            if other is None or name is None or other == name:
                continue
            if is_test and other.endswith("_testing"):
                continue
            if other not in reachable(name, is_test):
                fault(path, number, f"{name} includes {other}, which its CMakeLists.txt does not name")
            elif header.relative_to(rooms[other]["folder"]).as_posix() not in rooms[other]["EXPORTS"]:
                fault(path, number, f"{target} is not exported by {other}")
        system = re.match(r"#include <([^>]+)>", line)
        if system and not is_test:
            header = system.group(1)
            if header in ("regex", "iostream", "sstream"):
                fault(path, number, f"<{header}> is not used in src/ (text:: and fmt do its work)")
            if header.startswith(("boost/asio", "boost/beast")) and name not in ("http", "crawl"):
                fault(path, number, "Boost.Asio and Beast belong to http/ and crawl/ only")


def check_tables(path, text):
    """A table of a room is named by that room only."""
    name = room_of(path)
    for found in re.finditer(r"\b(?:FROM|INTO|UPDATE|JOIN|TABLE)\s+([a-z]+)_[a-z_]+", text):
        owner = found.group(1)
        if owner in rooms and owner != name and not path.stem.endswith("_test"):
            number = text.count("\n", 0, found.start()) + 1
            fault(path, number, f"the table {found.group(0).split()[-1]} belongs to {owner}; call one of its functions")


for path in sorted(p for p in src.rglob("*") if p.suffix in (".h", ".cpp")):
    text = path.read_text()
    lines = text.splitlines()
    check_includes(path, lines)
    check_tables(path, text)
    wall = 1000 if path.stem.endswith("_test") else 600
    if len(lines) > wall:
        fault(path, len(lines), f"more than {wall} lines: two reasons to change? split it")
    if path.suffix == ".h" and not text.startswith("#pragma once"):
        fault(path, 1, "a header begins with #pragma once")
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(TODO|FIXME|XXX)\b(?!: #\d+)", line):
            fault(path, number, "a TODO carries an issue number: 'TODO: #12 …'")
        if re.search(r"\b(?:class|struct) \w*(?:Manager|Helper|Util|Impl)\b", line):
            fault(path, number, "name the thing by what it is, not Manager, Helper, Util or Impl")

for line in faults:
    print(line)
print(f"tidy: {len(rooms)} rooms, {len(faults)} faults")
sys.exit(1 if faults else 0)
