#pragma once

// Refuses a write() or read() inside the closure of another one on the same database: on SQLite a
// write in a write would wait for itself for ever.

#include "db/database.h"

namespace db {

class Nesting {
public:
    explicit Nesting(const Database& database)
        : outer_(current)
    {
        if (current == &database)
            throw Failure(Failure::Kind::Other, "write() or read() inside a transaction's closure");
        current = &database;
    }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { current = outer_; }

private:
    static inline thread_local const Database* current = nullptr;

    const Database* outer_;
};

} // namespace db
