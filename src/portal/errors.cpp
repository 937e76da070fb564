// Pages that say what went wrong and what the reader can do about it.

#include "portal/frame.h"
#include "portal/pages.h"

namespace portal {
namespace {

struct Words {
    std::string headline;
    std::vector<std::string> explanations;
    std::vector<NamedLink> advice; // Without url: plain advice.
};

Words words_for(const ErrorFacts& fault)
{
    switch (fault.status) {
    case 404:
        return {
            "没有找到这个页面",
            {"网址可能输入有误，或者这个页面从来没有存在过。"},
            {{"检查网址有没有多写、漏写的字符", ""}}};
    case 410:
        return {
            fault.title.empty() ? "该信息已撤下" : "《" + fault.title + "》已撤下",
            {"发布单位已将这条信息撤下，本网站不再提供。如需了解有关情况，请联系发布单位或查找新的"
             "信息。"},
            {}};
    case 421:
        return {
            "这个网址不属于本平台",
            {"您访问的域名没有在本平台登记，可能是域名解析有误，也可能是冒用。请核对网址后重新访问"
             "。"},
            {{"政府网站的域名以 .gov.cn 结尾", ""}}};
    case 429: return {"访问太频繁", {"请稍等一分钟再试。"}, {}};
    case 503:
        return {
            "网站正忙",
            {"现在访问的人较多或正在维护，请稍后刷新页面。您已提交的内容不受影响。"},
            {}};
    case 400:
    case 405:
    case 413:
    case 414:
    case 422: return {"请求无法处理", {"您提交的内容不符合要求，请返回上一页检查后重试。"}, {}};
    case 401:
    case 403: return {"不能查看这个页面", {"这个页面不对公众开放。"}, {}};
    default: break;
    }
    return {
        "网站出了点问题",
        {"服务器处理您的请求时出错，我们已经记录。请稍后再试；如果反复出现，请把下面的请求编号告诉"
         "我们。"},
        {}};
}

void set_words(Fields& data, const ErrorFacts& fault, const Words& words)
{
    data.set("status", fault.status);
    data.set("headline", words.headline);
    List explanations;
    for (const auto& sentence : words.explanations)
        explanations.emplace_back(sentence);
    data.set("explanations", std::move(explanations));
    List advice;
    for (const auto& entry : words.advice)
        advice.push_back(Fields{{"text", entry.name}, {"url", entry.url}});
    data.set("advice_shown", !advice.empty());
    data.set("advice", std::move(advice));
}

} // namespace

std::string error_page(
    const Theme& theme, const SiteFacts& facts, const Visit& visit, const ErrorFacts& fault)
{
    auto words = words_for(fault);
    words.advice.push_back({"返回首页", "/"});
    words.advice.push_back({"在站点地图中按栏目查找", "/sitemap"});
    words.advice.push_back({"联系我们", "/contact"});
    PageHead head;
    head.title = words.headline;
    head.no_index = true;
    auto data = frame_fields(facts, visit, head);
    set_words(data, fault, words);
    if (fault.status < 500)
        data.set("request_id", "");
    data.set("search_words", fault.title);
    return theme.render("page/error", std::move(data));
}

std::string bare_error_page(
    const Theme& theme, const ErrorFacts& fault, const std::string& request_id)
{
    Fields data;
    set_words(data, fault, words_for(fault));
    data.set("request_id", fault.status >= 500 ? request_id : std::string());
    return theme.render_bare(std::move(data));
}

} // namespace portal
