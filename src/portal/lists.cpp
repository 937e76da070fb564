#include "portal/lists.h"

#include "portal/frame.h"

#include <algorithm>

namespace portal {

std::string_view form_label(std::string_view form)
{
    if (form == "chart")
        return "图解";
    if (form == "video")
        return "视频解读";
    if (form == "animation")
        return "动漫解读";
    if (form == "scene")
        return "场景解读";
    if (form == "press" || form == "press_conference")
        return "新闻发布会";
    return "文字解读";
}

Fields listed_fields(const SiteFacts& facts, const release::Listed& listed, DateForm form)
{
    const auto date = base::to_date_text(listed.published_at);
    Fields line{
        {"title", listed.title},
        {"url",
         listed.site == facts.site.id ? listed.url : base_url_of(facts, listed.site) + listed.url},
        {"date", form == DateForm::Full ? date : date.substr(5)},
        {"datetime", date},
        {"summary", listed.summary},
        {"pinned", listed.pinned},
        {"post", listed.post},
        {"image", file_url(listed.cover_hash, "cover")},
        {"alt", listed.cover_alt}};
    if (listed.kind == library::ItemKind::Policy) {
        line.set("number", listed.document_number);
        line.set("validity", library::to_chinese(listed.validity));
        line.set("amended", listed.validity == library::Validity::Amended);
        line.set(
            "invalid", listed.validity == library::Validity::Expired
                           || listed.validity == library::Validity::Repealed);
    }
    if (listed.kind == library::ItemKind::Interpretation)
        line.set("form", form_label(listed.interpretation_form));
    return line;
}

List listed_lines(const SiteFacts& facts, const std::vector<release::Listed>& items, DateForm form)
{
    List out;
    out.reserve(items.size());
    for (const auto& item : items)
        out.push_back(listed_fields(facts, item, form));
    return out;
}

Data paging_fields(
    std::int64_t total, int page, int page_size, const std::function<std::string(int)>& address)
{
    const auto pages = static_cast<int>((total + page_size - 1) / page_size);
    if (pages <= 1)
        return false;
    // The first, the last and two on each side of the current one.
    List numbers;
    int before = 0;
    for (int n = 1; n <= pages; ++n) {
        if (n != 1 && n != pages && std::abs(n - page) > 2)
            continue;
        if (n != before + 1)
            numbers.push_back(Fields{{"gap", true}, {"url", ""}, {"current", false}});
        numbers.push_back(Fields{
            {"gap", false},
            {"number", n},
            {"current", n == page},
            {"url", n == page ? std::string() : address(n)}});
        before = n;
    }
    Fields out{{"total", total}, {"page", page}, {"pages", pages}, {"numbers", std::move(numbers)}};
    out.set("first_url", page > 1 ? address(1) : "");
    out.set("previous_url", page > 1 ? address(page - 1) : "");
    out.set("next_url", page < pages ? address(page + 1) : "");
    out.set("last_url", page < pages ? address(pages) : "");
    return out;
}

} // namespace portal
