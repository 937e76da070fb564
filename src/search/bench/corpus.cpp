#include "search/bench/corpus.h"

#include <algorithm>
#include <cmath>
#include <iconv.h>
#include <stdexcept>

namespace search::bench {
namespace {

constexpr std::size_t words_total = 60'000;
constexpr std::size_t words_per_text = 330; // About 680 characters, 2 KB.
constexpr std::string_view head_words =
    "的 和 工作 在 对 发展 管理 服务 部门 政府 人民 建设 单位 进行 有关 加强 实施 企业 有 人员 "
    "项目 安全 社会 要求 责任 组织 规定 国家 为 相关 推进 信息 情况 健康 机构 落实 保障 制度 政策 "
    "通知 "
    "办法 意见 方案 公告 通报 报告 决定 规划 财政 资金 预算 医疗 保险 医保 缴费 教育 学校 学生 "
    "就业 创业 "
    "住房 公积金 社保 养老 养老金 低保 救助 残疾人 退役 军人 户籍 身份证 婚姻 登记 不动产 税务 "
    "税收 减税 "
    "降费 招商 引资 投资 营商 环境 生态 环保 污染 防治 水利 农业 农村 乡村 振兴 扶贫 粮食 林业 "
    "土地 征收 "
    "拆迁 补偿 规划局 住建局 市场 监管 监督 检查 执法 处罚 许可 审批 备案 公示 公开 依申请 指南 "
    "年报 解读 "
    "政务 大厅 办事 流程 材料 时限 窗口 热线 信箱 市长 县长 局长 领导 班子 会议 讲话 精神 学习 "
    "贯彻 党委 "
    "纪检 巡察 统战 宣传 文化 旅游 体育 卫生 疫苗 接种 医院 药品 食品 消防 应急 灾害 防汛 抗旱 "
    "地震 气象 "
    "交通 公路 铁路 公交 停车 物业 小区 供水 供电 燃气 供热 垃圾 分类 科技 创新 专利 人才 引进 "
    "招聘 考试 "
    "录用 公务员 事业 编制 工资 津贴 职称 评审 统计 人口 普查 经济 增长 指标 工业 园区 能源 电力 "
    "新能源 碳 "
    "达峰 数据 数字 平台 网站 互联网 智慧 城市 城镇 社区 街道 乡镇 村委会 居委会 志愿 慈善 捐赠 "
    "妇女 儿童 "
    "老年人 青年 民族 宗教 法治 法律 法规 行政 复议 诉讼 仲裁 调解 信访 维权 消费者 价格 补贴 奖励 "
    "申报 "
    "评估 验收 采购 招标 投标 合同 审计 国资 国企 民营 小微 个体 工商户 商务 外贸 外资 口岸 海关 "
    "边境 "
    "云岭市 青溪县 人民政府 办公室 财政局 卫生健康委员会 教育局 民政局 公安局 2024 2025 2026 GDP "
    "5G";

/// The 3,755 characters of the first plane of GB 2312, by way of iconv.
std::vector<std::string> common_characters()
{
    const iconv_t converter = iconv_open("UTF-8", "GB2312");
    if (converter == reinterpret_cast<iconv_t>(-1))
        throw std::runtime_error("iconv does not know GB2312");
    std::vector<std::string> characters;
    for (int row = 0xb0; row <= 0xd7; ++row) {
        for (int cell = 0xa1; cell <= (row == 0xd7 ? 0xf9 : 0xfe); ++cell) {
            char from[2] = {static_cast<char>(row), static_cast<char>(cell)};
            char to[8];
            char* in = from;
            char* out = to;
            std::size_t in_left = 2;
            std::size_t out_left = sizeof to;
            if (iconv(converter, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1))
                characters.emplace_back(to, out);
        }
    }
    iconv_close(converter);
    return characters;
}

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto space = text.find(' ');
        if (space != 0)
            parts.emplace_back(text.substr(0, space));
        text.remove_prefix(space == text.npos ? text.size() : space + 1);
    }
    return parts;
}

std::mt19937_64 random_for(std::uint64_t seed, std::uint64_t number)
{
    return std::mt19937_64(seed ^ (number * 0x9e3779b97f4a7c15ULL));
}

const std::vector<std::string> types = {"news",           "notice", "policy",
                                        "interpretation", "guide",  "leader"};

} // namespace

Corpus::Corpus(std::uint64_t seed)
    : seed_(seed)
    , words_(split(head_words))
{
    auto characters = common_characters();
    std::mt19937_64 random(seed);
    std::shuffle(characters.begin(), characters.end(), random);
    const auto character = [&]() -> const std::string& {
        const double unit = std::uniform_real_distribution<>(0, 1)(random);
        return characters[static_cast<std::size_t>(
            unit * unit * static_cast<double>(characters.size() - 1))];
    };
    while (words_.size() < words_total) {
        std::string word = character() + character();
        const auto more = random() % 10;
        if (more >= 7)
            word += character();
        if (more == 9)
            word += character();
        words_.push_back(std::move(word));
    }
    double sum = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
        sum += 1.0 / std::pow(static_cast<double>(i) + 8.0, 1.02);
        cumulated_.push_back(sum);
    }
}

std::size_t Corpus::rank(std::mt19937_64& random) const
{
    const double at = std::uniform_real_distribution<>(0, cumulated_.back())(random);
    const auto found = std::lower_bound(cumulated_.begin(), cumulated_.end(), at);
    return std::min<std::size_t>(
        static_cast<std::size_t>(found - cumulated_.begin()), words_.size() - 1);
}

std::string Corpus::spaced(std::int64_t id) const
{
    auto random = random_for(seed_, static_cast<std::uint64_t>(id) * 2 + 1);
    std::string text;
    for (std::size_t i = 0; i < words_per_text; ++i) {
        text += words_[rank(random)];
        const auto mark = random() % 12;
        text += mark == 0 ? " 。 " : mark == 1 ? " ， " : " ";
    }
    return text;
}

Document Corpus::document(std::int64_t id) const
{
    auto random = random_for(seed_, static_cast<std::uint64_t>(id) * 2);
    Document document;
    document.id = id;
    document.site = 1 + static_cast<std::int64_t>(random() % 100);
    document.column = document.site * 100 + static_cast<std::int64_t>(random() % 40);
    document.type = types[std::min(random() % 6, random() % 6)];
    document.org = 1 + static_cast<std::int64_t>(random() % 300);
    const auto age_days = static_cast<std::int64_t>(random() % 3650);
    document.published_at = base::china_midnight(base::Date(std::chrono::year(2026) / 1 / 1))
                            - std::chrono::days(age_days);
    document.year = static_cast<int>(base::china_date(document.published_at).year());
    document.url = "/s" + std::to_string(document.site) + "/" + std::to_string(id) + ".html";
    document.title = "关于";
    const auto title_words = 4 + random() % 5;
    for (std::size_t i = 0; i < title_words; ++i)
        document.title += words_[rank(random)];
    document.title += "的通知";
    if (document.type == "policy")
        document.document_number = "云政发〔" + std::to_string(document.year) + "〕"
                                   + std::to_string(1 + random() % 500) + "号";
    for (const char byte : spaced(id)) {
        if (byte != ' ')
            document.text += byte;
    }
    return document;
}

std::string Corpus::query(std::uint64_t number) const
{
    auto random = random_for(seed_ + 1, number);
    const auto frequent = [&] { return words_[2 + random() % 300]; };
    const auto rare = [&] { return words_[300 + random() % 30'000]; };
    switch (random() % 10) {
    case 0:
    case 1:
    case 2:
    case 3: return frequent();
    case 4:
    case 5: return rare();
    case 6: return frequent() + " " + frequent();
    case 7: return frequent() + frequent();
    case 8: return frequent() + " " + rare();
    default: return document(static_cast<std::int64_t>(random() % 10'000)).title;
    }
}

} // namespace search::bench
