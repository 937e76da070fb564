#include "publish/library/query.h"

#include "publish/library/refusals.h"
#include "publish/library/store.h"

namespace library {

base::Result<Item> load_item(db::Transaction& tx, base::ItemId id)
{
    auto item = store::find_item(tx, id);
    if (!item)
        return item_not_found();
    return std::move(*item);
}

std::optional<Item> find_item(db::Transaction& tx, base::ItemId id)
{
    return store::find_item(tx, id);
}

base::Result<Version> load_version(db::Transaction& tx, VersionId id)
{
    auto version = store::find_version(tx, id);
    if (!version)
        return version_not_found();
    return std::move(*version);
}

base::Result<Version> load_version_number(db::Transaction& tx, base::ItemId item, int number)
{
    auto version = store::find_version_number(tx, item, number);
    if (!version)
        return version_not_found();
    return std::move(*version);
}

std::vector<VersionHead> list_versions(db::Transaction& tx, base::ItemId item)
{
    return store::list_versions(tx, item);
}

std::vector<Item> list_items(db::Transaction& tx, const ItemFilter& filter, int offset, int limit)
{
    return store::list_items(tx, filter, offset, limit);
}

std::int64_t count_items(db::Transaction& tx, const ItemFilter& filter)
{
    return store::count_items(tx, filter);
}

std::vector<Target> list_targets(db::Transaction& tx, base::ItemId item)
{
    return store::list_targets(tx, item);
}

std::vector<base::ItemId> list_interpretations_of(db::Transaction& tx, base::ItemId policy)
{
    return store::list_interpretations_of(tx, policy);
}

std::vector<base::ItemId> list_policies_of(db::Transaction& tx, base::ItemId interpretation)
{
    return store::list_policies_of(tx, interpretation);
}

} // namespace library
