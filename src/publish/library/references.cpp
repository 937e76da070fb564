#include "publish/library/references.h"

#include "publish/library/file_checks.h"
#include "publish/library/files.h"
#include "publish/library/query.h"

#include <fmt/format.h>

namespace library {
namespace {

using Faults = std::vector<base::FieldError>;

void settle_attachment(db::Transaction& tx, Attachment& attachment, Faults& faults)
{
    const auto file = find_file(tx, attachment.hash);
    if (!file) {
        faults.push_back(
            {"attachments", fmt::format("附件“{}”不在文件库里，请重新上传", attachment.name)});
        return;
    }
    attachment.size = file->size;
    attachment.media_type = file->media_type;
    if (attachment.name.empty())
        attachment.name = file->name;
    // Renamed by the writer: 申请表.exe must not be what a citizen saves.
    const auto extension = extension_of(file->name);
    if (extension_of(attachment.name) != extension)
        attachment.name += "." + extension;
}

} // namespace

base::Result<Content> with_known_references(db::Transaction& tx, Content content)
{
    Faults faults;
    for (auto& attachment : content.attachments)
        settle_attachment(tx, attachment, faults);
    if (!content.cover_hash.empty()) {
        const auto cover = find_file(tx, content.cover_hash);
        if (!cover || !cover->media_type.starts_with("image/"))
            faults.push_back({"cover_hash", "封面应是图片文件，请重新上传"});
    }
    for (const auto policy : content.interprets) {
        const auto item = find_item(tx, policy);
        if (!item || item->kind != ItemKind::Policy) {
            faults.push_back({"interprets", "所解读的文件应从文件库的政策文件中选择"});
            break;
        }
    }
    if (!faults.empty())
        return base::refuse_fields("library.invalid", std::move(faults));
    return content;
}

} // namespace library
