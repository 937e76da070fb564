#include "publish/review/defaults.h"

#include "publish/review/flow_json.h"

namespace review {
namespace {

const boost::json::object& defaults()
{
    static const auto value =
        boost::json::parse({defaults_json.data(), defaults_json.size()}).as_object();
    return value;
}

} // namespace

const std::vector<Level>& default_levels()
{
    static const auto levels =
        levels_from_text(boost::json::serialize(defaults().at("default_levels")));
    return levels;
}

int later_review_due_hours()
{
    return static_cast<int>(defaults().at("later_review_due_hours").as_int64());
}

} // namespace review
