#include "core/site/rules.h"

#include <algorithm>
#include <array>

namespace site {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_not_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

template <typename Is>
bool all(std::string_view text, Is is)
{
    return std::all_of(text.begin(), text.end(), is);
}

bool is_blank(std::string_view text)
{
    return all(text, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
}

bool is_word(std::string_view text, std::size_t length_max)
{
    return !text.empty() && text.size() <= length_max && text.front() != '-' && text.back() != '-'
           && all(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

/// ^(bm\d{8}|\d{10})$ (附件1 of 国办函〔2019〕 and the filing system).
bool is_site_code(std::string_view code)
{
    if (code.starts_with("bm"))
        return code.size() == 10 && all(code.substr(2), is_digit);
    return code.size() == 10 && all(code, is_digit);
}

/// 滇ICP备05000001号 or 滇ICP备05000001号-3.
bool is_icp_number(std::string_view text)
{
    constexpr std::string_view word = "ICP备";
    const auto at = text.find(word);
    if (at == text.npos || at == 0 || at > 6)
        return false;
    auto rest = text.substr(at + word.size());
    const auto digits = static_cast<std::size_t>(
        std::find_if_not(rest.begin(), rest.end(), is_digit) - rest.begin());
    rest.remove_prefix(digits);
    if (digits < 5 || digits > 10 || !rest.starts_with("号"))
        return false;
    rest.remove_prefix(std::string_view("号").size());
    return rest.empty() || (rest.size() > 1 && rest[0] == '-' && all(rest.substr(1), is_digit));
}

/// 滇公网安备 53010002000001号: 14 digits, the place first.
bool is_police_number(std::string_view text)
{
    constexpr std::string_view word = "公网安备";
    const auto at = text.find(word);
    if (at == text.npos || at == 0 || at > 6)
        return false;
    auto rest = text.substr(at + word.size());
    while (rest.starts_with(' '))
        rest.remove_prefix(1);
    if (rest.ends_with("号"))
        rest.remove_suffix(std::string_view("号").size());
    return rest.size() == 14 && all(rest, is_digit);
}

bool is_email(std::string_view text)
{
    const auto at = text.find('@');
    return at != text.npos && at > 0 && text.find('@', at + 1) == text.npos
           && is_domain(text.substr(at + 1))
           && all(text, [](char c) { return c > ' ' && c != '<' && c != '>' && c != ','; });
}

bool is_web_address(std::string_view text)
{
    for (const std::string_view scheme : {"https://", "http://"})
        if (text.starts_with(scheme))
            return text.size() > scheme.size() && text.size() <= 500
                   && all(text, [](char c) { return c > ' ' || is_not_ascii(c); })
                   && text.find_first_of("\"'<>\\") == text.npos;
    return false;
}

// R-007 … R-011.
constexpr std::array<std::string_view, 6> duties = {"principal", "deputy", "security",
                                                    "content",   "ops",    "reading"};

void check_lists(const Site& site, std::vector<base::FieldError>& errors)
{
    for (std::size_t i = 0; i < site.domains.size(); ++i)
        if (!is_domain(site.domains[i]))
            errors.push_back(
                {"domains[" + std::to_string(i) + "]", "域名“" + site.domains[i] + "”格式不正确"});
    for (std::size_t i = 0; i < site.responsible.size(); ++i) {
        const auto& person = site.responsible[i];
        if (std::find(duties.begin(), duties.end(), person.duty) == duties.end())
            errors.push_back({"responsible[" + std::to_string(i) + "].duty", "请选择职责"});
        if (is_blank(person.name))
            errors.push_back({"responsible[" + std::to_string(i) + "].name", "姓名不能为空"});
    }
    for (std::size_t i = 0; i < site.links.size(); ++i) {
        const auto& link = site.links[i];
        if (is_blank(link.name))
            errors.push_back({"links[" + std::to_string(i) + "].name", "链接名称不能为空"});
        if (!is_web_address(link.url))
            errors.push_back(
                {"links[" + std::to_string(i) + "].url", "链接应以 https:// 或 http:// 开头"});
    }
}

// First-level addresses that the portal itself answers.
constexpr std::array<std::string_view, 14> reserved_slugs = {
    "api",  "console", "admin", "search", "static", "assets",  "files",
    "care", "error",   "rss",   "feed",   "theme",  "sitemap", "health"};

} // namespace

bool is_domain(std::string_view name)
{
    if (name.size() > 253 || name.find('.') == name.npos)
        return false;
    while (true) {
        const auto label = name.substr(0, name.find('.'));
        const bool sound = !label.empty() && label.size() <= 63 && label.front() != '-'
                           && label.back() != '-' && all(label, [](char c) {
                                  return is_lower(c) || is_digit(c) || c == '-' || is_not_ascii(c);
                              });
        if (!sound)
            return false;
        if (label.size() == name.size())
            return true;
        name.remove_prefix(label.size() + 1);
    }
}

std::vector<base::FieldError> list_site_errors(const Site& site)
{
    std::vector<base::FieldError> errors;
    const auto demand = [&](bool fits, const char* field, const char* message) {
        if (!fits)
            errors.push_back({field, message});
    };
    const auto form = [&](const std::string& text, bool (*fits)(std::string_view),
                          const char* field, const char* message) {
        demand(text.empty() || fits(text), field, message);
    };
    demand(is_word(site.code, 30), "code", "网站代号由小写字母、数字和 - 组成，不超过 30 位");
    demand(!is_blank(site.name), "name", "网站名称不能为空");
    demand(static_cast<bool>(site.sponsor_org), "sponsor_org_id", "请选择主办单位");
    form(site.site_code, is_site_code, "site_code", "网站标识码为 10 位数字，或 bm 加 8 位数字");
    form(site.icp_number, is_icp_number, "icp_number", "ICP 备案编号应如：滇ICP备05000001号");
    form(
        site.police_filing_number, is_police_number, "police_filing_number",
        "公安机关备案号应如：滇公网安备 53010002000001号");
    demand(
        site.badge_id.empty() || (site.badge_id.size() == 32 && all(site.badge_id, is_hex)),
        "badge_id", "党政机关网站标识为 32 位十六进制数");
    form(site.contact_email, is_email, "contact_email", "电子邮箱格式不正确");
    demand(is_word(site.theme, 40), "theme", "请选择主题");
    check_lists(site, errors);
    return errors;
}

std::vector<base::FieldError> list_column_errors(const Column& column)
{
    std::vector<base::FieldError> errors;
    if (is_blank(column.name))
        errors.push_back({"name", "栏目名称不能为空"});
    if (!is_word(column.slug, 40))
        errors.push_back({"slug", "栏目地址由小写字母、数字和 - 组成，不超过 40 位"});
    const bool reserved = std::find(reserved_slugs.begin(), reserved_slugs.end(), column.slug)
                          != reserved_slugs.end();
    if (!column.parent && reserved)
        errors.push_back({"slug", "此地址由系统使用，请换一个"});
    if (column.update_cycle_days < 0 || column.update_cycle_days > 3660)
        errors.push_back({"update_cycle_days", "更新周期应在 0 至 3660 天之间"});
    if (column.review_levels < 0 || column.review_levels > 5)
        errors.push_back({"review_levels", "审核级数应在 0 至 5 之间"});
    return errors;
}

bool may_have_site(const org::Org& sponsor)
{
    if (sponsor.level == org::OrgLevel::Township || sponsor.kind == org::OrgKind::Township)
        return false;
    return sponsor.level != org::OrgLevel::County || may_have_portal(sponsor);
}

bool may_have_portal(const org::Org& sponsor)
{
    return sponsor.kind == org::OrgKind::Government || sponsor.kind == org::OrgKind::Office;
}

bool is_closing_state(SiteState state)
{
    return state == SiteState::Closing || state == SiteState::Closed
           || state == SiteState::Archived;
}

namespace {

bool is_government_domain(std::string_view domain)
{
    return domain.ends_with(".gov.cn") || domain.ends_with(".政务")
           || domain.ends_with(".xn--zfr164b");
}

} // namespace

std::vector<std::string> list_warnings(const Site& site)
{
    std::vector<std::string> warnings;
    for (const auto& domain : site.domains)
        if (!is_government_domain(domain))
            warnings.push_back("域名 " + domain + " 不以 .gov.cn 结尾（国办发〔2017〕47号）");
    const auto demand = [&](const std::string& text, const char* name) {
        if (text.empty())
            warnings.push_back(std::string("未填写") + name);
    };
    if (site.domains.empty())
        warnings.emplace_back("未填写域名，公众无法访问");
    demand(site.site_code, "网站标识码");
    demand(site.icp_number, "ICP备案编号");
    demand(site.police_filing_number, "公安机关备案号");
    demand(site.badge_id, "党政机关网站标识");
    demand(site.contact_phone, "联系电话");
    constexpr std::array<std::array<std::string_view, 2>, 4> persons = {
        {{"principal", "第一责任人"},
         {"security", "安全责任人"},
         {"content", "内容编辑责任人"},
         {"ops", "技术运维责任人"}}};
    for (const auto& [duty, name] : persons) {
        const auto has = [&, wanted = duty](const auto& one) { return one.duty == wanted; };
        if (std::none_of(site.responsible.begin(), site.responsible.end(), has))
            warnings.push_back("未登记" + std::string(name));
    }
    return warnings;
}

} // namespace site
