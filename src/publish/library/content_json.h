#pragma once

// Content as JSON: one form for the store, the console's API and the digest. Names are those of
// web/openapi.yaml, schema Content.

#include "base/result.h"
#include "publish/library/item.h"

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace library {

boost::json::object to_json(const Content&);
boost::json::object to_json(const Item&);
/// The same for the console, where a picture of the text is under its address for staff.
boost::json::object to_console_json(const Content&);

/// Reads what a client sent. Refuses with library.invalid, naming every field that does not fit
/// (type, length, form of a date); what a field must say before review is submission_faults'
/// affair.
base::Result<Content> content_from(const boost::json::object&);

std::string to_stored_text(const Content&);
/// Requires: text made by to_stored_text. Throws base::BrokenInvariant otherwise.
Content content_from_stored_text(std::string_view text);

/// SHA-256 of the stored text: equal for equal contents.
std::string digest_of(const Content&);

} // namespace library
