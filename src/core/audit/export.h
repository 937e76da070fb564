#pragma once

// The audit trail as a file for auditors outside the house.

#include "core/audit/audit.h"

#include <functional>
#include <string_view>

namespace audit {

/// Takes the file piece by piece.
using Sink = std::function<void(std::string_view)>;

/// UTF-8 with a byte order mark (Excel reads it as Chinese then), CRLF, RFC 4180. A cell that a
/// spreadsheet would take for a formula is led by an apostrophe. Newest first, at most `limit`.
void export_csv(db::Transaction&, const Filter&, int limit, const Sink&);

/// One JSON object a line, for machines; all fields, also those that the CSV leaves out.
void export_json_lines(db::Transaction&, const Filter&, int limit, const Sink&);

} // namespace audit
