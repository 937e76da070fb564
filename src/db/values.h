#pragma once

// What both back ends agree on about values and texts of SQL.

#include "db/database.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace db {

/// Throws Failure(Constraint) for what one of the back ends could not give back as it was: text
/// that is not UTF-8 or holds a NUL (PostgreSQL has neither), NaN (SQLite makes it NULL).
void require_storable(const std::vector<Value>& arguments);

/// `text` as it can be stored: what is not UTF-8 or NUL becomes "?", and it is cut at `bytes_max`.
std::string storable_excerpt(std::string_view text, std::size_t bytes_max);

/// Throws Failure when two columns have one name, so that no Row answers with the wrong one.
void require_distinct(const std::vector<std::string>& columns, std::string_view sql);

/// `script` with {{id}} and {{blob}} in the words of a dialect.
std::string with_types(std::string_view script, std::string_view id, std::string_view blob);

/// `script` with its {{sqlite}} … {{end}} and {{postgresql}} … {{end}} sections kept or left out,
/// for what has no common words (triggers). `dialect` is one of the two names.
std::string for_dialect(std::string_view script, std::string_view dialect);

/// FNV-1a, 64 bits: tells versions of our own texts apart, no more.
std::uint64_t fingerprint(std::string_view text);

/// The beginning of a statement, on one line, for messages.
std::string excerpt(std::string_view sql);

} // namespace db
