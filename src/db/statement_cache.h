#pragma once

// The prepared statements of one connection by their text, the longest unused one leaving first.

#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace db {

template <typename Statement>
class StatementCache {
public:
    explicit StatementCache(std::size_t statements_max)
        : statements_max_(statements_max)
    {
    }

    /// The statement, which is now the most recently used one, or nullptr.
    Statement* find(std::string_view sql)
    {
        const auto found = places_.find(sql);
        if (found == places_.end())
            return nullptr;
        entries_.splice(entries_.begin(), entries_, found->second);
        return &found->second->statement;
    }

    Statement& insert(std::string_view sql, Statement statement)
    {
        if (entries_.size() >= statements_max_) {
            places_.erase(entries_.back().sql);
            entries_.pop_back();
        }
        entries_.push_front(Entry{std::string(sql), std::move(statement)});
        places_.emplace(entries_.front().sql, entries_.begin());
        return entries_.front().statement;
    }

    std::size_t size() const { return entries_.size(); }

    void clear()
    {
        places_.clear();
        entries_.clear();
    }

private:
    struct Entry {
        std::string sql;
        Statement statement;
    };

    std::size_t statements_max_;
    std::list<Entry> entries_; // Most recently used first.
    std::unordered_map<std::string_view, typename std::list<Entry>::iterator> places_;
};

} // namespace db
