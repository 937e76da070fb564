#include "app/commands.h"
#include "base/log.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <functional>

namespace {

constexpr auto examples = R"(
例子：
  huabiao demo --data ./data                     装入演示数据
  huabiao serve --data ./data --port 8080        启动服务
  huabiao serve --data ./data --demo             第一次启动时先装入演示数据
  huabiao import 文件.docx --data ./data --org 市政府办公室
  huabiao audit verify --data ./data             校验审计链
  huabiao backup now --data ./data --to ./backup 备份（服务不必停）
  huabiao drill --to ./backup                    演练：证明备份能恢复

退出码：0 完成；1 被拒绝，或检查发现问题；2 用法不对；3 故障（见日志）
)";

/// What the command line says, until a command is chosen.
struct Line {
    std::string data = "data.local";
    std::vector<std::string> overrides;
    int port = -1;
    bool demo = false;
    bool json = false;
    std::string folder = "backup";
    std::string set;
    std::string target;
    std::string anchor_hash;
    std::int64_t anchor_sequence = 0;
    app::ImportOrder import;
    app::UserOrder user;
    std::function<int(const app::Settings&)> run;
};

void add_common(CLI::App* command, Line& line)
{
    command->add_option("--data", line.data, "数据目录")->capture_default_str();
    command->add_option("--set", line.overrides, "覆盖一项设置：名称=值（可多次）");
}

void add_serving(CLI::App& cli, Line& line)
{
    auto* serve = cli.add_subcommand("serve", "启动服务，直到 Ctrl-C");
    add_common(serve, line);
    serve->add_option("--port", line.port, "端口（等于 --set http.port=…）");
    serve->add_flag("--demo", line.demo, "数据目录为空时先装入演示数据");
    serve->callback([&line] {
        line.run = [&line](const app::Settings& s) { return app::run_serve(s, line.demo); };
    });
    auto* work = cli.add_subcommand("work", "只运行定时任务（PostgreSQL 多节点）");
    add_common(work, line);
    work->callback([&line] { line.run = app::run_work; });
    auto* demo = cli.add_subcommand("demo", "装入演示数据（云岭市、青溪县）");
    add_common(demo, line);
    demo->callback([&line] { line.run = app::run_demo; });
}

void add_import(CLI::App& cli, Line& line)
{
    auto* import = cli.add_subcommand("import", "导入文件为草稿：txt、html、docx");
    add_common(import, line);
    import->add_option("files", line.import.files, "文件")->required();
    import->add_option("--org", line.import.org, "归属机构（全称或简称）");
    import->add_option("--user", line.import.user, "以谁的名义起草（账号）");
    import->add_option("--site", line.import.site, "网站代码");
    import->add_option("--column", line.import.column, "栏目地址，如 /zwgk/zcwj/");
    import->add_flag("--dry-run", line.import.dry_run, "只识别，不入库");
    import->callback([&line] {
        line.run = [&line](const app::Settings& s) { return app::run_import(s, line.import);
};
} // namespace
);
}

void add_audit(CLI::App& cli, Line& line)
{
    auto* audit = cli.add_subcommand("audit", "操作审计");
    audit->require_subcommand(1);
    auto* verify = audit->add_subcommand("verify", "校验审计链，指出第一处断开");
    add_common(verify, line);
    verify->add_option("--anchor-sequence", line.anchor_sequence, "早先抄录的链头序号");
    verify->add_option("--anchor", line.anchor_hash, "早先抄录的链头摘要");
    verify->add_flag("--json", line.json, "输出 JSON");
    verify->callback([&line] {
        line.run = [&line](const app::Settings& s) {
            return app::run_audit_verify(s, line.anchor_sequence, line.anchor_hash, line.json);
        };
    });
}

void add_backup(CLI::App& cli, Line& line)
{
    auto* backup = cli.add_subcommand("backup", "备份：now、list、verify");
    backup->require_subcommand(1);
    auto* now = backup->add_subcommand("now", "现在备份（服务不必停）");
    add_common(now, line);
    now->add_option("--to", line.folder, "备份所在目录")->capture_default_str();
    now->callback([&line] {
        line.run = [&line](const app::Settings& s) { return app::run_backup(s, line.folder); };
    });
    auto* list = backup->add_subcommand("list", "列出备份");
    list->add_option("--to", line.folder, "备份所在目录")->capture_default_str();
    list->callback([&line] {
        line.run = [&line](const app::Settings&) { return app::run_backup_list(line.folder); };
    });
    auto* verify = backup->add_subcommand("verify", "按清单核对一份备份");
    verify->add_option("set", line.set, "备份目录")->required();
    verify->callback([&line] {
        line.run = [&line](const app::Settings&) { return app::run_backup_verify(line.set); };
    });
    auto* restore = cli.add_subcommand("restore", "恢复一份备份到空目录");
    restore->add_option("set", line.set, "备份目录")->required();
    restore->add_option("--to", line.target, "新的数据目录")->required();
    restore->callback([&line] {
        line.run = [&line](const app::Settings&) {
            return app::run_restore(line.set, line.target);
        };
    });
    auto* drill = cli.add_subcommand("drill", "恢复演练：证明备份能恢复，报告用时");
    add_common(drill, line);
    drill->add_option("set", line.set, "备份目录；缺省为最新一份");
    drill->add_option("--to", line.folder, "备份所在目录")->capture_default_str();
    drill->callback([&line] {
        line.run = [&line](const app::Settings& s) {
            return app::run_drill(s, line.set, line.folder);
        };
    });
}

void add_rest(CLI::App& cli, Line& line)
{
    auto* user = cli.add_subcommand("user", "账号");
    user->require_subcommand(1);
    auto* add = user->add_subcommand("add", "新建账号（口令从标准输入读）");
    add_common(add, line);
    add->add_option("login", line.user.login, "账号")->required();
    add->add_option("--name", line.user.name, "姓名")->required();
    add->add_option("--org", line.user.org, "机构全称；第一个账号会建立最上级机构")->required();
    add->add_option("--role", line.user.role, "角色，如 system_admin");
    add->callback([&line] {
        line.run = [&line](const app::Settings& s) { return app::run_user_add(s, line.user); };
    });
    cli.add_subcommand("config", "打印带注释的设置文件")->callback([&line] {
        line.run = [](const app::Settings&) {
            fmt::print("{}", app::commented_settings());
            return 0;
        };
    });
    cli.add_subcommand("version", "版本")->callback([&line] {
        line.run = [](const app::Settings&) {
            fmt::print("huabiao {}\n", HUABIAO_VERSION);
            return 0;
        };
    });
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App cli("华表：政府网站的建设、运行与监管");
    Line line;
    cli.require_subcommand(1);
    cli.footer(examples);
    add_serving(cli, line);
    add_import(cli, line);
    add_audit(cli, line);
    add_backup(cli, line);
    add_rest(cli, line);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : 2;
    }
    if (line.port >= 0)
        line.overrides.push_back(fmt::format("http.port={}", line.port));
    try {
        const auto settings =
            app::load_settings(line.data, app::huabiao_environment(), line.overrides);
        if (!settings) {
            fmt::print(stderr, "{}\n", settings.error().message);
            return 2;
        }
        base::open_log(settings->log_level, settings->log_format);
        return line.run(*settings);
    } catch (const std::exception& error) {
        fmt::print(stderr, "故障：{}\n", error.what());
        return 3;
    }
}
