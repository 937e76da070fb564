#include "text/html_tokens.h"
#include "text/sanitize.h"

#include <benchmark/benchmark.h>
#include <string>

namespace {

std::string repeated(std::string_view piece, std::size_t size)
{
    std::string text;
    while (text.size() < size)
        text += piece;
    return text;
}

constexpr std::string_view PARAGRAPH =
    "<p class=MsoNormal style='text-indent:32.0pt'><span "
    "style='font-size:16.0pt;font-family:仿宋_GB2312'>各省、自治区、直辖市人民政府，"
    "国务院各部委、各直属机构：为贯彻落实党中央、国务院关于全面推进政务公开工作的决策部署，<b>"
    "进一步做好</b>"
    "<a "
    "href=\"https://www.example.gov.cn/zc/1.html?a=1&amp;b=2\">政府信息公开</"
    "a>工作，现就有关事项通知如下。</span></p>\n";

/// Shapes that make careless readers slow.
constexpr std::string_view SHAPES[] = {
    PARAGRAPH,
    "<div>",
    "</div>",
    "<b>",
    "<p>x",
    "<a b=",
    "<b><i><u><s><sub><sup>x<p>",
    "<table><td>",
    "<ul><li>",
    "&",
    "&amp",
    "&#1",
    "<!--",
    "<![CDATA[",
    "<",
    "</",
    "<a a a a a a a a",
    "\"'",
    "<li></ul>",
    "<br>",
    "<span class=c-a>x</p>",
    "</textarea <title></",
    "<tr>",
    "<p></b>",
    "<select>",
    "<svg>",
    "\xFF",
    "政",
    "<a href=/1>x<p>",
    "<script><!--<script>"};

void tokenise(benchmark::State& state)
{
    const auto html = repeated(PARAGRAPH, 1'000'000);
    text::HtmlSink sink;
    for (auto _ : state)
        text::tokenise_html(html, sink);
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * html.size()));
}
BENCHMARK(tokenise)->Unit(benchmark::kMillisecond);

void sanitize(benchmark::State& state)
{
    const auto shape = SHAPES[static_cast<std::size_t>(state.range(0))];
    const auto html = repeated(shape, text::RICH_TEXT_BYTES_MAX);
    std::size_t size = 0;
    for (auto _ : state) {
        const auto result = text::sanitize(html);
        size = result.html.size();
    }
    state.SetLabel(std::string(shape.substr(0, 30)) + " → " + std::to_string(size / 1024) + " KiB");
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * html.size()));
}
BENCHMARK(sanitize)
    ->DenseRange(0, static_cast<int>(std::size(SHAPES)) - 1)
    ->Unit(benchmark::kMillisecond);

} // namespace
