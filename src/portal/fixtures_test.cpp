#include "portal/fixtures.h"

#include "portal/pages.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace portal::testing {
namespace {

using namespace std::chrono_literals;

const std::string cover_hash(64, 'c');
const base::Instant noon =
    base::china_time({std::chrono::year(2026), std::chrono::month(11), std::chrono::day(22)}, 12h);

struct ColumnLine {
    const char* name;
    const char* path;
    const char* type;
    site::ColumnKind kind = site::ColumnKind::List;
    const char* parent = "";
};

using Kind = site::ColumnKind;

const std::vector<ColumnLine> county_columns = {
    {"走进青溪", "/zjqx/", "概况信息", Kind::Channel},
    {"青溪概况", "/zjqx/qxgk/", "概况信息", Kind::Page, "/zjqx/"},
    {"新闻动态", "/xwdt/", "工作动态", Kind::Channel},
    {"青溪要闻", "/xwdt/qxyw/", "工作动态", Kind::List, "/xwdt/"},
    {"通知公告", "/xwdt/tzgg/", "通知公告", Kind::List, "/xwdt/"},
    {"部门乡镇", "/xwdt/bmxz/", "工作动态", Kind::List, "/xwdt/"},
    {"政务公开", "/zwgk/", "信息公开目录", Kind::Channel},
    {"领导信息", "/zwgk/ldxx/", "负责人信息", Kind::Leaders, "/zwgk/"},
    {"机构职能", "/zwgk/jgzn/", "机构职能", Kind::Institutions, "/zwgk/"},
    {"政府信息公开指南", "/zwgk/zn/", "信息公开指南", Kind::Page, "/zwgk/"},
    {"政府信息公开制度", "/zwgk/zd/", "信息公开制度", Kind::List, "/zwgk/"},
    {"法定主动公开内容", "/zwgk/fdzd/", "法定主动公开内容", Kind::List, "/zwgk/"},
    {"政府信息公开年报", "/zwgk/nb/", "信息公开年报", Kind::List, "/zwgk/"},
    {"依申请公开", "/zwgk/ysqgk/", "依申请公开", Kind::Page, "/zwgk/"},
    {"政策文件", "/zwgk/zcwj/", "政策文件", Kind::List, "/zwgk/"},
    {"政策解读", "/zwgk/zcjd/", "政策解读", Kind::List, "/zwgk/"},
    {"政府公报", "/zwgk/zfgb/", "政府公报", Kind::List, "/zwgk/"},
    {"政务服务", "/zwfw/", "办事服务", Kind::List},
    {"互动交流", "/hdjl/", "咨询投诉", Kind::Channel},
    {"征集调查", "/hdjl/zjdc/", "征集调查", Kind::List, "/hdjl/"},
    {"回应关切", "/hdjl/hygq/", "回应关切", Kind::List, "/hdjl/"},
    {"数据发布", "/sjfb/", "数据发布", Kind::List},
    {"专题专栏", "/ztzl/", "专题", Kind::Channel},
};

void add_columns(SiteFacts& facts, const std::vector<ColumnLine>& lines)
{
    for (const auto& line : lines) {
        site::Column column;
        column.id = base::ColumnId{static_cast<std::int64_t>(facts.columns.size()) + 1};
        column.site = facts.site.id;
        column.name = line.name;
        column.path = line.path;
        column.kind = line.kind;
        column.column_type = line.type;
        column.description = fmt::format("发布{}的有关信息。", line.name);
        column.keywords = fmt::format("青溪县,{}", line.name);
        std::string above = "/";
        for (const auto& other : facts.columns) {
            if (other.path == line.parent) {
                column.parent = other.id;
                above = other.id_path;
            }
        }
        column.id_path = fmt::format("{}{}/", above, column.id.value);
        column.in_nav = !column.parent;
        facts.columns.push_back(column);
    }
}

release::Listed policy_line(
    const site::Column& column, int number, std::string title, std::string document_number)
{
    auto line = good_line(column, number, std::move(title));
    line.kind = library::ItemKind::Policy;
    line.document_number = std::move(document_number);
    return line;
}

release::Shown shown(const site::Column& column, library::ItemKind kind, std::string title)
{
    release::Shown out;
    out.publication.id = release::PublicationId{7};
    out.publication.item = base::ItemId{318};
    out.publication.site = column.site;
    out.publication.column = column.id;
    out.publication.url = column.path + "2026/1112/318.html";
    out.publication.publish_at = base::china_time(
        {std::chrono::year(2026), std::chrono::month(11), std::chrono::day(12)}, 9h + 30min);
    out.item.id = out.publication.item;
    out.item.kind = kind;
    out.item.title = title;
    out.version.content.title = std::move(title);
    out.version.content.source = "县政府办公室";
    out.version.content.keywords = {"茶产业", "补助"};
    return out;
}

HomeBlockFacts block(
    const SiteFacts& facts, std::string kind, std::string_view column,
    std::vector<std::string> titles)
{
    HomeBlockFacts out;
    out.block.block = std::move(kind);
    out.column = column_named(facts, column);
    out.block.title = out.column->name;
    int number = 0;
    for (auto& title : titles)
        out.items.push_back(good_line(*out.column, ++number, std::move(title)));
    return out;
}

} // namespace

SiteFacts good_site()
{
    SiteFacts facts;
    auto& site = facts.site;
    site.id = base::SiteId{4};
    site.code = "qingxi";
    site.name = "青溪县人民政府";
    site.english_name = "Qingxi County People's Government";
    site.primary_domain = "www.qx--qingxi.gov.cn";
    site.domains = {site.primary_domain};
    site.site_code = "5351230001";
    site.icp_number = "滇ICP备00000002号";
    site.police_filing_number = "滇公网安备53512302000001号";
    site.badge_id = "00000000000000000000000053512301";
    site.contact_phone = "0882-8100111";
    site.contact_email = "qx@qx--qingxi.gov.cn";
    site.contact_address = "青溪县清源路1号";
    site.description = "青溪县人民政府门户网站：政务公开、政务服务、互动交流、数据开放";
    for (const auto* group : {"中央和国家机关", "省市政府网站", "县直部门", "乡镇街道"})
        site.links.push_back({group, "中国政府网", "https://www.gov.cn/"});
    facts.sponsor = "青溪县人民政府办公室";
    facts.operator_ = "青溪县政务信息中心";
    facts.supervisor = "云岭市人民政府办公室";
    facts.neighbours = {
        {base::SiteId{1}, "云岭市人民政府", "https://www.yl--yunling.gov.cn"},
        {base::SiteId{4}, site.name, "https://www.qx--qingxi.gov.cn"}};
    auto& layout = facts.layout;
    layout.ipv6 = true;
    layout.hot_words = {"医保缴费", "不动产登记", "秸秆禁烧", "教师招聘"};
    layout.upper_links = {
        {"中国政府网", "https://www.gov.cn/"}, {"市人民政府", "https://www.yl--yunling.gov.cn/"}};
    const std::vector<std::pair<const char*, const char*>> services = {
        {"heart-pulse", "医保社保"},
        {"house", "不动产登记"},
        {"id-card", "户籍证件"},
        {"graduation-cap", "教育入学"},
        {"briefcase-business", "就业创业"},
        {"baby", "婚育收养"},
        {"building-2", "企业开办"},
        {"sprout", "惠农补贴"},
        {"car", "交通出行"},
        {"wallet", "公积金"},
        {"users", "养老助残"},
        {"scale", "法律服务"},
        {"hand-coins", "惠企政策"},
        {"landmark", "税费缴纳"},
        {"shield-check", "证照核验"},
        {"list-checks", "全部事项"}};
    for (const auto& [icon, name] : services)
        layout.services.push_back({name, icon, "/zwfw/"});
    layout.figures_title = "数据青溪";
    layout.figures_url = "/sjfb/";
    layout.figures = {
        {"地区生产总值", "186.4", "亿元", "同比增长", "5.6%", {4, 5, 5.2, 5, 5.4, 5.3, 5.6}},
        {"规上工业增加值", "62.1", "亿元", "同比增长", "7.2%", {5, 5.8, 6, 6.6, 6.1, 7, 7.2}},
        {"固定资产投资", "74.8", "亿元", "同比增长", "4.1%", {6, 5.1, 4.8, 4.2, 3.7, 4, 4.1}},
        {"城镇居民人均可支配收入",
         "31,026",
         "元",
         "同比增长",
         "4.9%",
         {4, 4.1, 4.4, 4.3, 4.7, 4.8, 4.9}},
        {"农村居民人均可支配收入",
         "17,284",
         "元",
         "同比增长",
         "6.8%",
         {5.5, 5.7, 6, 6.2, 6.1, 6.6, 6.8}}};
    add_columns(facts, county_columns);
    return facts;
}

SiteFacts department_site()
{
    auto facts = good_site();
    facts.site.id = base::SiteId{2};
    facts.site.code = "czj";
    facts.site.name = "云岭市财政局";
    facts.site.english_name.clear();
    facts.site.kind = site::SiteKind::Department;
    facts.site.primary_domain = "czj.yl--yunling.gov.cn";
    facts.columns.clear();
    facts.layout.figures.clear();
    facts.layout.services.resize(3);
    add_columns(
        facts, {{"财政要闻", "/czyw/", "工作动态"},
                {"通知公告", "/tzgg/", "通知公告"},
                {"政策文件", "/zcwj/", "政策文件"},
                {"政策解读", "/zcjd/", "政策解读"},
                {"财政数据", "/czsj/", "数据发布"},
                {"办事指南", "/bszn/", "办事服务"}});
    return facts;
}

Visit good_visit(std::string path)
{
    Visit visit;
    visit.path = std::move(path);
    visit.now = noon;
    visit.request_id = "req-1";
    return visit;
}

const site::Column& column_named(const SiteFacts& facts, std::string_view name)
{
    for (const auto& column : facts.columns) {
        if (column.name == name)
            return column;
    }
    throw std::logic_error("no such column in the fixture");
}

release::Listed good_line(const site::Column& column, int number, std::string title)
{
    release::Listed line;
    line.id = release::PublicationId{column.id.value * 100 + number};
    line.item = base::ItemId{column.id.value * 100 + number};
    line.site = column.site;
    line.column = column.id;
    line.title = std::move(title);
    line.url = fmt::format("{}2026/1122/{}.html", column.path, line.item.value);
    line.published_at = noon - std::chrono::hours(20 * number);
    return line;
}

HomeFacts good_home(const SiteFacts& facts)
{
    HomeFacts home;
    home.blocks.push_back(block(
        facts, "lead", "青溪要闻",
        {"县政府常务会议研究部署岁末年初民生保障和安全生产工作",
         "县委常委会传达学习全省县域经济高质量发展会议精神",
         "全县秋冬季森林防灭火工作电视电话会议召开", "青溪县与省农科院签署茶产业科技合作协议",
         "县领导到联系乡镇调研高标准农田建设", "我县新增三家省级“专精特新”中小企业",
         "城区供暖管网改造工程提前十天完工", "第十二届青溪采茶文化节将于月底开幕"}));
    home.blocks[0].items[0].summary =
        "会议强调，要立足青溪生态资源，做好茶旅融合文章，把群众增收作为检验工作成效的标准。";
    for (std::size_t i = 0; i < 4; ++i) {
        home.blocks[0].items[i].cover_hash = cover_hash;
        home.blocks[0].items[i].cover_alt = "青溪河畔，远山层叠，村舍沿岸，石拱桥横跨水面";
    }
    home.blocks.push_back(block(
        facts, "list", "通知公告",
        {"关于 2026 年度城乡居民医保集中缴费延期的公告", "青溪县 2026 年下半年公开招聘教师笔试公告",
         "关于对 S312 线青石段实施交通管制的通告", "2026 年第三季度集中式饮用水水源水质公示",
         "县住建局关于保障性租赁住房申请的通知"}));
    home.blocks.push_back(block(
        facts, "list", "部门乡镇",
        {"县教育局：课后服务覆盖全部义务教育学校", "县医保局：门诊慢特病可在乡镇直接办理",
         "石桥镇：三条通组路硬化完工通车"}));
    HomeBlockFacts services;
    services.block = {"services", "政务服务", "", 0, 16};
    home.blocks.push_back(services);
    auto policies = block(facts, "list", "政策文件", {});
    const auto& column = *policies.column;
    policies.items = {
        policy_line(column, 1, "青溪县促进茶产业高质量发展若干措施", "青政发〔2026〕18号"),
        policy_line(
            column, 2, "青溪县城镇老旧小区改造三年行动方案（2026—2028 年）",
            "青政办发〔2026〕41号"),
        policy_line(column, 3, "青溪县行政规范性文件管理办法", "青政令第7号"),
        policy_line(column, 4, "关于调整城乡最低生活保障标准的通知", "青政规〔2026〕5号"),
        policy_line(column, 5, "关于废止和修改部分行政规范性文件的决定", "青政发〔2026〕15号")};
    policies.items[3].validity = library::Validity::Amended;
    home.interpretation_counts = {{policies.items[0].item, 2}, {policies.items[1].item, 3}};
    home.blocks.push_back(policies);
    auto readings = block(
        facts, "list", "政策解读",
        {"一图读懂《青溪县促进茶产业高质量发展若干措施》",
         "县农业农村局局长谈茶产业政策：钱怎么补、谁能领", "低保标准调整后，我家能领多少？十问十答",
         "三分钟看懂老旧小区改造：居民要做的四件事", "行政规范性文件管理办法的五个变化"});
    const std::vector<const char*> forms = {"chart", "text", "text", "video", "press"};
    for (std::size_t i = 0; i < readings.items.size(); ++i) {
        readings.items[i].kind = library::ItemKind::Interpretation;
        readings.items[i].interpretation_form = forms[i];
    }
    home.blocks.push_back(readings);
    home.blocks.push_back(block(
        facts, "list", "征集调查",
        {"《青溪县城区停车管理办法（征求意见稿）》公开征求意见", "2027 年民生实事项目征集",
         "政府网站满意度问卷"}));
    home.blocks.push_back(block(
        facts, "list", "回应关切",
        {"关于冬季供暖热点问题的回应", "关于滨河路夜间施工噪声的答复",
         "关于县医院新院区公交站点的说明"}));
    home.blocks.push_back(block(
        facts, "list", "数据发布",
        {"2026 年前三季度全县经济运行情况", "2026 年 10 月居民消费价格变动情况",
         "第三季度环境质量状况"}));
    HomeBlockFacts figures;
    figures.block = {"figures", "", "", 0, 5};
    home.blocks.push_back(figures);
    auto topics = block(
        facts, "topics", "专题专栏",
        {"2026 年民生实事", "优化营商环境", "乡村全面振兴", "法治政府建设"});
    const std::vector<const char*> notes = {
        "十件实事，按月公开进度", "政策直达，诉求直办", "和美乡村建设在青溪", "执法公示，行政复议"};
    for (std::size_t i = 0; i < topics.items.size(); ++i)
        topics.items[i].summary = notes[i];
    home.blocks.push_back(topics);
    return home;
}

HomeFacts department_home(const SiteFacts& facts)
{
    HomeFacts home;
    home.blocks.push_back(block(
        facts, "lead", "财政要闻",
        {"全市财政工作会议召开", "前三季度财政运行总体平稳", "市财政局开展会计人员继续教育"}));
    home.blocks.push_back(
        block(facts, "list", "通知公告", {"关于 2026 年度政府采购投诉处理结果的公告"}));
    home.blocks.push_back(block(facts, "list", "政策文件", {}));
    home.blocks.push_back(block(facts, "list", "政策解读", {}));
    home.blocks.push_back(block(facts, "list", "财政数据", {"2026 年 10 月财政收支情况"}));
    HomeBlockFacts services;
    services.block = {"services", "办事指南", "", 0, 8};
    home.blocks.push_back(services);
    return home;
}

ColumnFacts good_list(const SiteFacts& facts, std::string_view name)
{
    ColumnFacts out;
    out.column = column_named(facts, name);
    for (int i = 1; i <= 20; ++i)
        out.items.push_back(
            good_line(out.column, i, fmt::format("青溪县第 {} 次专题会议研究部署重点工作", i)));
    out.items[0].pinned = true;
    out.total = 312;
    out.page = 3;
    return out;
}

ItemFacts good_news(const SiteFacts& facts)
{
    ItemFacts out;
    out.column = column_named(facts, "青溪要闻");
    out.shown =
        shown(out.column, library::ItemKind::Article, "全县秋冬季森林防灭火工作电视电话会议召开");
    out.shown.version.content.author = "李青";
    out.shown.version.content.body_html =
        "<p>"
        "11月20日，全县秋冬季森林防灭火工作电视电话会议召开。会议分析研判当前形势，安排部署下一阶段"
        "工作。</p>"
        "<p>会议要求，各乡镇各部门要压实责任，加强巡查，做到早发现、早处置。</"
        "p><ul><li>严管野外用火</li><li>备足物资队伍</li></ul>";
    return out;
}

ItemFacts good_policy(const SiteFacts& facts)
{
    ItemFacts out;
    out.column = column_named(facts, "政策文件");
    out.shown = shown(
        out.column, library::ItemKind::Policy,
        "青溪县人民政府关于印发《青溪县促进茶产业高质量发展若干措施》的通知");
    auto& content = out.shown.version.content;
    content.summary = "新建生态茶园每亩补助 1,200 元；茶企技改按设备投资 20% 奖补，最高 100 "
                      "万元；通过“惠企政策兑现”线上申报，15 个工作日内办结。";
    content.policy.index_number = "001000001/2026-00318";
    content.policy.subject_category = "农业、林业、水利 / 农业";
    content.policy.issuing_organ = "青溪县人民政府";
    content.policy.document_number = "青政发〔2026〕18号";
    content.policy.genre = "通知";
    content.policy.issued_on = base::date_from("2026-11-10");
    content.policy.effective_on = base::date_from("2026-12-01");
    content.policy.valid_until = base::date_from("2029-12-31");
    content.body_html =
        "<p>各乡镇人民政府，县政府各部门：</"
        "p><p>"
        "《青溪县促进茶产业高质量发展若干措施》已经县政府第四十一次常务会议审议通过，现印发给你们，"
        "请认真贯彻执行。</p>"
        "<p class=\"c-right\">青溪县人民政府<br>2026年11月10日</p><p>（此件公开发布）</p>"
        "<h2>一、支持生态茶园建设</h2><p>对集中连片 50 "
        "亩以上新建或改造的生态茶园，验收合格后每亩一次性补助 1,200 "
        "元；取得绿色食品、有机产品认证的，分别再奖励 2 万元、5 "
        "万元。严禁占用永久基本农田和生态保护红线开垦茶园。</p>"
        "<h2>二、支持加工提质升级</h2><p>鼓励茶叶加工企业开展清洁化、智能化改造。设备投资额 50 "
        "万元以上的项目，按实际投资额的 20% 给予奖补，单个企业最高不超过 100 "
        "万元。具体标准见下表。</p>"
        "<table><caption>加工改造奖补标准</caption><thead><tr><th "
        "scope=\"col\">设备投资额（万元）</th><th scope=\"col\">奖补比例</th><th "
        "scope=\"col\">最高限额（万元）</th><th scope=\"col\">责任单位</th></tr></thead>"
        "<tbody><tr><td>50（含）—200</td><td>20%</td><td>40</td><td "
        "rowspan=\"2\">县工信局、县财政局</td></tr><tr><td>200（含）—500</td><td>20%</td><td>100</"
        "td></tr><tr><td>500（含）以上</td><td>一事一议</td><td>—</td><td>县政府</td></tr></"
        "tbody></table>"
        "<h2>三、强化品牌和市场</h2><h3>（一）统一使用区域公用品牌</"
        "h3><p>规范“青溪云雾”地理标志使用管理，对获准使用的经营主体给予包装补助。</"
        "p><h3>（二）拓展销售渠道</h3><p>支持企业参加省级以上展销活动，展位费补助 80%。</p>"
        "<h2>四、申报与兑现</h2><p>符合条件的单位和个人可登录<a "
        "href=\"https://example.gov.cn/\">政务服务网“惠企政策兑现”专栏</"
        "a>申报，县农业农村局自受理之日起 15 个工作日内完成审核并公示。</p>";
    content.attachments = {
        {std::string(64, 'a'), "青政发〔2026〕18号（正式文本）.pdf", 303'104, "application/pdf"},
        {std::string(64, 'b'), "生态茶园补助申请表.docx", 43'008,
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}};
    const auto& readings = column_named(facts, "政策解读");
    out.interpretations = {
        good_line(readings, 1, "一图读懂茶产业若干措施"),
        good_line(readings, 2, "县农业农村局局长谈茶产业政策：钱怎么补、谁能领")};
    for (auto& line : out.interpretations)
        line.kind = library::ItemKind::Interpretation;
    out.interpretations[0].interpretation_form = "chart";
    return out;
}

ItemFacts good_interpretation(const SiteFacts& facts)
{
    ItemFacts out;
    out.column = column_named(facts, "政策解读");
    out.shown = shown(
        out.column, library::ItemKind::Interpretation,
        "县农业农村局局长谈茶产业政策：钱怎么补、谁能领");
    out.shown.version.content.body_html =
        "<h2>为什么出台</h2><p>茶产业是青溪县的主导产业。</p><h2>谁能申报</"
        "h2><p>县域内的茶企、合作社和茶农。</p><h2>补助标准</h2><p>新建生态茶园每亩补助 1,200 "
        "元。</p>";
    out.policies = {policy_line(
        column_named(facts, "政策文件"), 1, "青溪县促进茶产业高质量发展若干措施",
        "青政发〔2026〕18号")};
    return out;
}

SearchFacts good_search()
{
    SearchFacts found;
    found.choice.text = "茶产业";
    found.choice.year = 2026;
    found.org_names = {{5, "青溪县人民政府"}, {6, "县农业农村局"}};
    search::Results results;
    results.total = 37;
    const std::string title = "青溪县促进茶产业高质量发展若干措施";
    for (int i = 0; i < 6; ++i) {
        search::Hit hit;
        hit.site = i % 2 == 0 ? 4 : 1;
        hit.type = i % 3 == 0 ? "policy" : "article";
        hit.url = fmt::format("/zwgk/zcwj/2026/1112/{}.html", i);
        hit.document_number = i % 3 == 0 ? "青政发〔2026〕18号" : "";
        hit.published_at = noon;
        const auto at = title.find("茶产业");
        hit.title = {title, {{at, at + 9}}};
        hit.snippet = {
            "为贯彻落实全省特色农业发展部署，做优做强青溪茶产业，促进农民持续增收，结合我县实际，制"
            "定以下措施。",
            {}};
        results.hits.push_back(hit);
    }
    results.facets.types = {{"policy", 12}, {"interpretation", 5}, {"article", 20}};
    results.facets.sites = {{"4", 30}, {"1", 7}};
    results.facets.years = {{"2026", 37}};
    results.facets.orgs = {{"5", 20}, {"6", 17}};
    results.correction = "茶产业高质量";
    found.results = results;
    found.total = static_cast<std::int64_t>(results.total);
    for (const auto& hit : results.hits)
        found.items.push_back({hit, {}});
    found.items.front().also.push_back(results.hits.back());
    return found;
}

const Theme& base_theme()
{
    static const Theme theme =
        Theme::load(std::string(HUABIAO_SOURCE_DIR) + "/themes", "base").value();
    return theme;
}

std::vector<std::pair<std::string, std::string>> every_page(const Theme& theme, const Visit& how)
{
    const auto facts = good_site();
    const auto department = department_site();
    const auto at = [&](std::string path) {
        auto visit = how;
        visit.path = std::move(path);
        return visit;
    };
    std::vector<std::pair<std::string, std::string>> pages;
    const auto put = [&](std::string name, std::string bytes) {
        pages.emplace_back(std::move(name), std::move(bytes));
    };
    const auto home = good_home(facts);
    put("home", home_page(theme, facts, at("/"), home));
    put("home-department", home_page(theme, department, at("/"), department_home(department)));
    put("list", column_page(theme, facts, at("/xwdt/qxyw/"), good_list(facts, "青溪要闻")));
    ColumnFacts blank;
    blank.column = column_named(facts, "政府公报");
    put("list-blank", column_page(theme, facts, at("/zwgk/zfgb/"), blank));
    ColumnFacts policies;
    policies.column = column_named(facts, "政策文件");
    policies.items = home.blocks[4].items;
    policies.interpretation_counts = home.interpretation_counts;
    put("list-policies", column_page(theme, facts, at("/zwgk/zcwj/"), policies));
    ColumnFacts channel;
    channel.column = column_named(facts, "新闻动态");
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& block_facts = home.blocks[i];
        channel.channels.push_back(
            {block_facts.column->name, *block_facts.column, block_facts.items});
    }
    put("channel", column_page(theme, facts, at("/xwdt/"), channel));
    ColumnFacts single;
    single.column = column_named(facts, "青溪概况");
    single.single = good_news(facts).shown;
    put("single", column_page(theme, facts, at("/zjqx/qxgk/"), single));
    ColumnFacts leaders;
    leaders.column = column_named(facts, "领导信息");
    for (const auto* name : {"陈望", "林静", "周山", "李青"}) {
        leaders.items.push_back(
            good_line(leaders.column, static_cast<int>(leaders.items.size()) + 1, name));
        leaders.items.back().kind = library::ItemKind::Leader;
        leaders.items.back().post = "县委副书记、县长";
        leaders.items.back().summary = "主持县政府全面工作，负责财政、审计方面工作。";
    }
    put("leaders", column_page(theme, facts, at("/zwgk/ldxx/"), leaders));
    ColumnFacts organs;
    organs.column = column_named(facts, "机构职能");
    for (const auto* name : {"县政府办公室", "县财政局", "县教育局"}) {
        organs.items.push_back(
            good_line(organs.column, static_cast<int>(organs.items.size()) + 1, name));
        organs.items.back().kind = library::ItemKind::Institution;
        organs.items.back().summary = "负责县政府日常工作，协助县政府领导处理政务。";
    }
    put("institutions", column_page(theme, facts, at("/zwgk/jgzn/"), organs));
    put("news", item_page(theme, facts, at("/xwdt/qxyw/2026/1112/318.html"), good_news(facts)));
    put("policy", item_page(theme, facts, at("/zwgk/zcwj/2026/1112/318.html"), good_policy(facts)));
    put("interpretation",
        item_page(theme, facts, at("/zwgk/zcjd/2026/1112/318.html"), good_interpretation(facts)));
    put("search", search_page(theme, facts, at("/search"), good_search()));
    SearchFacts nothing;
    nothing.choice.text = "<b>不存在";
    nothing.results = search::Results{};
    put("search-nothing", search_page(theme, facts, at("/search"), nothing));
    put("search-empty", search_page(theme, facts, at("/search"), SearchFacts{}));
    put("sitemap", site_map_page(theme, facts, at("/sitemap")));
    put("about", self_page(theme, facts, at("/about"), SelfPage::About));
    put("contact", self_page(theme, facts, at("/contact"), SelfPage::Contact));
    put("copyright", self_page(theme, facts, at("/copyright"), SelfPage::Copyright));
    put("accessibility", self_page(theme, facts, at("/accessibility"), SelfPage::Accessibility));
    put("error-404", error_page(theme, facts, at("/no-such"), {404, "", ""}));
    put("error-410", error_page(theme, facts, at("/gone"), {410, "", "关于某事的通知"}));
    put("error-500", error_page(theme, facts, at("/boom"), {500, "", ""}));
    put("error-503", error_page(theme, facts, at("/busy"), {503, "", ""}));
    return pages;
}

} // namespace portal::testing
