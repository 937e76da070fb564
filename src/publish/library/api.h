#pragma once

// The library over HTTP, for the console and for other systems (web/openapi.yaml, tag library).

#include "http/route.h"
#include "publish/library/item.h"

#include <boost/json/fwd.hpp>
#include <functional>

namespace db {
class Database;
class Transaction;
} // namespace db

namespace library {

class FileStore;

/// What rooms above add to an item's answer (review: the open flow, why it came back).
using ItemDecorator =
    std::function<void(db::Transaction&, const Item&, boost::json::object& answer)>;

http::Routes routes(db::Database&, const FileStore&, ItemDecorator);

} // namespace library
