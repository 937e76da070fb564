#pragma once

// What a text points at must exist: files that were checked and kept, documents that it interprets.

#include "base/result.h"
#include "publish/library/item.h"

namespace db {
class Transaction;
}

namespace library {

/// Takes size and type of every attachment from what was found out when the file came in, never
/// from the client: they decide how a browser treats the file. Refuses with library.invalid.
base::Result<Content> with_known_references(db::Transaction&, Content);

} // namespace library
