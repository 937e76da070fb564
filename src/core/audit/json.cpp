#include "core/audit/json.h"

namespace audit {

boost::json::object to_json(const Record& record)
{
    boost::json::object object{
        {"sequence", record.sequence},
        {"at", base::to_iso_text(record.at)},
        {"user_id", record.user.value},
        {"user_name", record.user_name},
        {"address", record.address},
        {"request_id", record.request_id},
        {"action", record.action},
        {"subject_kind", record.subject_kind},
        {"subject", record.subject},
        {"summary", record.summary},
        {"before", record.before},
        {"after", record.after},
        {"outcome", record.outcome == Outcome::Done ? "done" : "refused"},
        {"hash", record.hash}};
    return object;
}

} // namespace audit
