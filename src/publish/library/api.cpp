#include "publish/library/api.h"

#include "publish/library/api_items.h"

#include <iterator>

namespace library {

http::Routes routes(db::Database& database, const FileStore& files, ItemDecorator decorate)
{
    auto all = item_routes(database, decorate);
    for (auto& more :
         {version_routes(database, decorate), file_routes(database, files),
          submission_routes(database)})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace library
