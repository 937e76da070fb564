// The server over real sockets on loopback.

#include "http/server.h"

#include "base/random.h"

#include <arpa/inet.h>
#include <atomic>
#include <brotli/decode.h>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <mutex>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <zlib.h>

namespace http {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// What came back.
struct Got {
    int status = 0;
    std::string head;
    std::string body;

    std::string header(const std::string& name) const
    {
        const auto at = head.find("\r\n" + name + ": ");
        if (at == std::string::npos)
            return "";
        const auto start = at + name.size() + 4;
        return head.substr(start, head.find("\r\n", start) - start);
    }
};

/// A blocking client that says exactly what it is told.
class Client {
public:
    explicit Client(std::uint16_t port)
        : socket_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { ::close(socket_); }

    bool is_connected() const { return connected_; }
    int descriptor() const { return socket_; }

    bool send(std::string_view bytes) const
    {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    bool fill()
    {
        char bytes[64 << 10];
        const auto read = ::recv(socket_, bytes, sizeof bytes, 0);
        if (read <= 0)
            return false;
        held_.append(bytes, static_cast<std::size_t>(read));
        return true;
    }

    Got get(bool has_body = true)
    {
        Got got;
        while (held_.find("\r\n\r\n") == std::string::npos) {
            if (!fill())
                return got;
        }
        const auto end = held_.find("\r\n\r\n");
        got.head = held_.substr(0, end + 2);
        held_.erase(0, end + 4);
        got.status = std::atoi(got.head.substr(9, 3).c_str());
        const auto length = got.header("Content-Length");
        if (!has_body || length.empty() || got.status == 304)
            return got;
        const auto size = static_cast<std::size_t>(std::stoull(length));
        while (held_.size() < size && fill()) {
        }
        got.body = held_.substr(0, size);
        held_.erase(0, size);
        return got;
    }

    Got ask(std::string_view request)
    {
        send(request);
        return get(!request.starts_with("HEAD"));
    }

    bool is_closed()
    {
        while (fill()) {
        }
        char byte = 0;
        return ::recv(socket_, &byte, 1, 0) == 0 || errno == ECONNRESET;
    }

    void wait_for_close()
    {
        while (fill()) {
        }
    }

private:
    int socket_;
    bool connected_;
    std::string held_;
};

std::string get_text(std::string_view path, std::string_view more = "")
{
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: www.yunling.example\r\n"
           + std::string(more) + "\r\n";
}

std::string post_text(std::string_view path, std::string_view type, std::string_view body)
{
    return "POST " + std::string(path)
           + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + std::string(type)
           + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string gunzip(const std::string& zipped)
{
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    std::string plain(1 << 20, '\0');
    auto input = zipped;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    inflate(&stream, Z_FINISH);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return plain;
}

std::string unbrotli(const std::string& pressed)
{
    std::string plain(1 << 20, '\0');
    auto size = plain.size();
    BrotliDecoderDecompress(
        pressed.size(), reinterpret_cast<const std::uint8_t*>(pressed.data()), &size,
        reinterpret_cast<std::uint8_t*>(plain.data()));
    plain.resize(size);
    return plain;
}

/// A door that handlers wait behind.
class Gate {
public:
    void open()
    {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void wait()
    {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 20s, [this] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

struct DiskFull : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Serving : public testing::Test {
protected:
    Serving()
        : directory_(fs::temp_directory_path() / ("huabiao-http-" + base::random_code(10)))
    {
        fs::create_directories(directory_);
        settings_.port = 0;
        settings_.io_threads = 1;
        settings_.workers = 2;
        settings_.spool_directory = directory_.string();
        settings_.limits.stop_timeout = 10s;
        big_ = std::string(100'000, 'x') + "云岭";
        std::ofstream(directory_ / "file.bin", std::ios::binary) << file_text();
        hooks_.cache_key = [](const Request& request) -> std::optional<std::string> {
            if (request.header("cookie"))
                return std::nullopt;
            return request.host + request.target;
        };
        hooks_.failure = [](const std::exception& e) -> std::optional<Breakdown> {
            if (dynamic_cast<const DiskFull*>(&e) == nullptr)
                return std::nullopt;
            return Breakdown{507, "test.disk_full", "磁盘已满"};
        };
        hooks_.finished = [this](const Request&, int, std::size_t, std::chrono::microseconds) {
            ++finished_;
        };
    }
    ~Serving() override
    {
        gate_.open();
        server_.reset();
        fs::remove_all(directory_);
    }

    static std::string file_text()
    {
        std::string text;
        for (int i = 0; i < 100'000; ++i)
            text += std::to_string(i) + "\n";
        return text;
    }

    void add(
        Method method, std::string_view pattern, Handler handler, std::size_t body_max = 1 << 20,
        std::size_t upload_max = 0, Access access = public_access)
    {
        routes_.push_back({method, pattern, access, std::move(handler), body_max, upload_max});
    }

    void add_pages()
    {
        add(Method::Get, "/page", [this](const Request&) -> Reply {
            ++rendered_;
            auto response = html(big_);
            response.caching = Caching{{"item:1"}};
            return response;
        });
        add(Method::Get, "/slow-page", [this](const Request&) -> Reply {
            ++rendered_;
            gate_.wait();
            auto response = html("slow");
            response.caching = Caching{{"item:2"}};
            return response;
        });
        add(Method::Get, "/slow", [this](const Request&) -> Reply {
            ++waiting_;
            gate_.wait();
            return text("late");
        });
        add(Method::Get, "/dynamic", [this](const Request&) -> Reply { return html(big_); });
        add(Method::Get, "/tagged", [](const Request&) -> Reply {
            return html(std::string(2'000, 'y')).with_header("ETag", "\"v1\"");
        });
        add(Method::Get, "/file", [this](const Request&) -> Reply {
            Response response;
            response.headers = {{"Content-Type", "application/octet-stream"}};
            response.file = FileBody{(directory_ / "file.bin").string(), 0};
            return response;
        });
        add(Method::Get, "/gone", [this](const Request&) -> Reply {
            Response response;
            response.file = FileBody{(directory_ / "gone.bin").string(), 0};
            return response;
        });
        add(Method::Get, "/nothing", [](const Request&) -> Reply { return no_content(); });
    }

    void add_deeds()
    {
        add(Method::Post, "/echo",
            [](const Request& request) -> Reply { return text(request.body); });
        add(Method::Post, "/form", [](const Request& request) -> Reply {
            std::string all;
            for (const auto& [name, value] : request.form)
                all += name + "=" + value + ";";
            return text(all);
        });
        add(
            Method::Post, "/upload",
            [](const Request& request) -> Reply {
                std::string all;
                for (const auto& upload : request.uploads)
                    all +=
                        upload.file_name + " " + std::to_string(fs::file_size(upload.path)) + ";";
                return text(all);
            },
            1 << 20, 64 << 20);
        add(Method::Get, "/throws",
            [](const Request&) -> Reply { throw std::runtime_error("secret detail"); });
        add(Method::Get, "/throws-int", [](const Request&) -> Reply { throw 5; });
        add(Method::Get, "/full", [](const Request&) -> Reply { throw DiskFull("no space"); });
        add(Method::Get, "/splits", [](const Request&) -> Reply {
            return text("x").with_header("X-Test", "a\r\nSet-Cookie: b=c");
        });
        add(Method::Get, "/refuses", [](const Request&) -> Reply {
            return base::refuse(base::Error::Kind::Conflict, "test.stale", "已被别人修改");
        });
        add(
            Method::Get, "/private",
            [](const Request& request) -> Reply { return text(request.actor.name); }, 0, 0,
            signed_in);
        add(Method::Get, "/who", [](const Request& request) -> Reply {
            return text(request.actor.address + (request.secure ? " secure" : " plain"));
        });
    }

    std::uint16_t start()
    {
        add_pages();
        add_deeds();
        server_ = std::make_unique<Server>(settings_, Router(routes_), hooks_, cache_, clock_);
        server_->start();
        return server_->port();
    }

    std::size_t spooled() const
    {
        const auto all =
            std::distance(fs::directory_iterator(directory_), fs::directory_iterator());
        return static_cast<std::size_t>(all) - 1; // file.bin
    }

    fs::path directory_;
    std::string big_;
    base::SystemClock clock_;
    PageCache cache_{64 << 20};
    Gate gate_;
    std::atomic<int> rendered_{0};
    std::atomic<int> waiting_{0};
    std::atomic<int> finished_{0};
    Routes routes_;
    Hooks hooks_;
    ServerSettings settings_;
    std::unique_ptr<Server> server_;
};

TEST_F(Serving, RendersOnceAndAnswersFromTheCacheAfterwards)
{
    Client client(start());
    for (int i = 0; i < 3; ++i) {
        const auto got = client.ask(get_text("/page"));
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.body, big_);
        EXPECT_EQ(got.header("Connection"), "keep-alive");
        EXPECT_FALSE(got.header("Date").empty());
    }
    EXPECT_EQ(rendered_, 1);
    cache_.drop({"item:1"});
    EXPECT_EQ(client.ask(get_text("/page")).status, 200);
    EXPECT_EQ(rendered_, 2);
    EXPECT_EQ(finished_, 4);
}

TEST_F(Serving, AnswersPipelinedRequestsInOrder)
{
    Client client(start());
    client.ask(get_text("/page"));
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += get_text("/page") + post_text("/echo", "text/plain", std::to_string(i))
                + get_text("/page", "Accept-Encoding: gzip\r\n")
                + "HEAD /page HTTP/1.1\r\nHost: a\r\n\r\n";
    std::thread sender([&] { client.send(many); });
    for (int i = 0; i < 40; ++i) {
        EXPECT_EQ(client.get().body, big_);
        EXPECT_EQ(client.get().body, std::to_string(i));
        EXPECT_EQ(gunzip(client.get().body), big_);
        const auto head = client.get(false);
        EXPECT_EQ(head.header("Content-Length"), std::to_string(big_.size()));
    }
    sender.join();
}

TEST_F(Serving, UnderstandsARequestHoweverItIsSplit)
{
    Client client(start());
    const auto bytes = post_text("/echo", "text/plain", "hello");
    for (std::size_t i = 1; i < bytes.size(); i += 3) {
        client.send(bytes.substr(0, i));
        std::this_thread::sleep_for(1ms);
        EXPECT_EQ(client.ask(bytes.substr(i)).body, "hello") << i;
    }
}

TEST_F(Serving, CompressesAsAsked)
{
    Client client(start());
    for (const auto* const path : {"/page", "/dynamic", "/page"}) {
        const auto brotli = client.ask(get_text(path, "Accept-Encoding: gzip, deflate, br\r\n"));
        EXPECT_EQ(brotli.header("Content-Encoding"), "br");
        EXPECT_EQ(brotli.header("Vary"), "Accept-Encoding");
        EXPECT_EQ(unbrotli(brotli.body), big_);
        const auto zipped = client.ask(get_text(path, "Accept-Encoding: gzip, br;q=0\r\n"));
        EXPECT_EQ(zipped.header("Content-Encoding"), "gzip");
        EXPECT_EQ(gunzip(zipped.body), big_);
        const auto plain = client.ask(get_text(path, "Accept-Encoding: identity\r\n"));
        EXPECT_EQ(plain.header("Content-Encoding"), "");
        EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
        EXPECT_EQ(plain.body, big_);
    }
}

TEST_F(Serving, SaysNotModified)
{
    Client client(start());
    for (const auto* const path : {"/page", "/tagged", "/file"}) {
        const auto etag = client.ask(get_text(path)).header("ETag");
        ASSERT_FALSE(etag.empty()) << path;
        const auto same = client.ask(get_text(path, "If-None-Match: \"x\", W/" + etag + "\r\n"));
        EXPECT_EQ(same.status, 304) << path;
        EXPECT_EQ(same.header("ETag"), etag);
        EXPECT_EQ(same.header("Content-Length"), "");
        EXPECT_FALSE(same.header("X-Content-Type-Options").empty());
        EXPECT_EQ(client.ask(get_text(path, "If-None-Match: \"x\"\r\n")).status, 200);
    }
    const auto zipped = client.ask(get_text("/tagged", "Accept-Encoding: gzip\r\n")).header("ETag");
    EXPECT_EQ(zipped, "\"v1-gz\"");
    EXPECT_EQ(client.ask(get_text("/tagged", "If-None-Match: " + zipped + "\r\n")).status, 304);
    const auto date = client.ask(get_text("/file")).header("Last-Modified");
    EXPECT_EQ(client.ask(get_text("/file", "If-Modified-Since: " + date + "\r\n")).status, 304);
}

TEST_F(Serving, SendsFilesAndTheirRanges)
{
    Client client(start());
    const auto text = file_text();
    const auto whole = client.ask(get_text("/file"));
    EXPECT_EQ(whole.body, text);
    EXPECT_EQ(whole.header("Accept-Ranges"), "bytes");
    const auto size = std::to_string(text.size());
    const auto range = [&](const std::string& asked, const std::string& more = "") {
        return client.ask(get_text("/file", "Range: bytes=" + asked + "\r\n" + more));
    };
    const auto part = range("10-19");
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, text.substr(10, 10));
    EXPECT_EQ(part.header("Content-Range"), "bytes 10-19/" + size);
    EXPECT_EQ(range("-5").body, text.substr(text.size() - 5));
    EXPECT_EQ(range("100000-").body, text.substr(100'000));
    EXPECT_EQ(range("0-99999999999").body, text);
    const auto beyond = range(size + "-");
    EXPECT_EQ(beyond.status, 416);
    EXPECT_EQ(beyond.header("Content-Range"), "bytes */" + size);
    EXPECT_EQ(range("-0").status, 416);
    for (const auto* const ignored : {"0-1,3-4", "5-2", "x-", "-", "99999999999999999999-"})
        EXPECT_EQ(range(ignored).status, 200) << ignored;
    EXPECT_EQ(range("0-1", "If-Range: \"other\"\r\n").status, 200);
    EXPECT_EQ(range("0-1", "If-Range: " + whole.header("ETag") + "\r\n").status, 206);
    const auto head = client.ask("HEAD /file HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(head.header("Content-Length"), size);
    EXPECT_EQ(client.ask(get_text("/nothing")).status, 204);
}

TEST_F(Serving, EveryAnswerHasTheSecurityHeaders)
{
    const auto port = start();
    for (const auto& request :
         {get_text("/page"), get_text("/page"), get_text("/dynamic"), get_text("/file"),
          get_text("/missing"), get_text("/throws"), get_text("/refuses"), get_text("/%2e%2e/"),
          std::string("nonsense\r\n\r\n"), get_text("/nothing"), post_text("/page", "a", ""),
          get_text("/file", "Range: bytes=9999999-\r\n")}) {
        Client client(port);
        const auto got = client.ask(request);
        EXPECT_NE(got.status, 0) << request;
        EXPECT_NE(
            got.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos)
            << request;
        EXPECT_EQ(got.header("X-Content-Type-Options"), "nosniff") << request;
        EXPECT_EQ(got.header("X-Frame-Options"), "SAMEORIGIN") << request;
        EXPECT_EQ(got.header("Strict-Transport-Security"), "") << request;
    }
}

TEST_F(Serving, RefusesMethodsAndPathsWithTheRightStatus)
{
    const auto port = start();
    const auto status = [&](const std::string& request) {
        return Client(port).ask(request).status;
    };
    EXPECT_EQ(status(get_text("/missing")), 404);
    EXPECT_EQ(Client(port).ask(post_text("/page", "text/plain", "")).header("Allow"), "GET, HEAD");
    EXPECT_EQ(
        Client(port).ask("OPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\n").header("Allow"), "POST");
    EXPECT_EQ(status("OPTIONS /missing HTTP/1.1\r\nHost: a\r\n\r\n"), 404);
    EXPECT_EQ(status("TRACE /page HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
    EXPECT_EQ(status("BREW /page HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
    EXPECT_EQ(status("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"), 405);
    for (const auto* const path :
         {"/a/../page", "//page", "/%2e%2e/page", "/a%2fb", "/page%00", "/a%5cb", "/%ff",
          "/page?q=%ff", "/page?q=%00"})
        EXPECT_EQ(status(get_text(path)), 400) << path;
    EXPECT_EQ(status(get_text("/" + std::string(9'000, 'a'))), 414);
    EXPECT_EQ(status(get_text("/page", "X: " + std::string(17'000, 'a') + "\r\n")), 431);
}

TEST_F(Serving, SmuggledRequestsAreRefusedAndTheConnectionCloses)
{
    const auto port = start();
    const std::string inner = "GET /throws HTTP/1.1\r\nHost: a\r\n\r\n";
    for (const auto& lines :
         {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
          "Content-Length: 0\r\nContent-Length: 44\r\n", "Transfer-Encoding: identity\r\n",
          "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding : chunked\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
          "X: y\r\n Content-Length: 9\r\n", "Content-Length: +0\r\n", "Content-Length: 0x0\r\n",
          "X: a\rContent-Length: 9\r\n", "X: a\nContent-Length: 9\r\n"}) {
        Client client(port);
        client.send(
            "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n0\r\n\r\n" + inner);
        EXPECT_EQ(client.get().status, 400) << lines;
        EXPECT_EQ(client.get().status, 0) << lines;
    }
    Client chunks(port);
    chunks.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\na\r\n" + inner);
    EXPECT_EQ(chunks.get().status, 400);
    EXPECT_EQ(chunks.get().status, 0);
}

TEST_F(Serving, ReadsBodiesOfEveryKind)
{
    Client client(start());
    EXPECT_EQ(
        client
            .ask("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: 1\r\n\r\n")
            .body,
        "hello world");
    EXPECT_EQ(
        client
            .ask(post_text(
                "/form", "application/x-www-form-urlencoded; charset=utf-8",
                "title=%E4%BA%91+x&b="))
            .body,
        "title=云 x;b=;");
    EXPECT_EQ(
        client
            .ask(post_text(
                "/form", "multipart/form-data; boundary=B",
                "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--B--\r\n"))
            .body,
        "a=b;");
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.get(false).status, 100);
    EXPECT_EQ(client.ask("ok").body, "ok");
}

TEST_F(Serving, BadFormsAreRefused)
{
    const auto port = start();
    const auto status = [&](std::string_view type, std::string_view body) {
        return Client(port).ask(post_text("/form", type, body)).status;
    };
    EXPECT_EQ(status("application/x-www-form-urlencoded", "a=%B2%C6"), 400);
    EXPECT_EQ(status("multipart/form-data", "x"), 400);
    EXPECT_EQ(status("multipart/form-data; boundary=B", "rubbish"), 400);
    EXPECT_EQ(
        status(
            "multipart/form-data; boundary=B",
            "--B\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\nb\r\n--B--\r\n"),
        413);
}

TEST_F(Serving, AHundredMegabytesAreRefusedBeforeTheyCome)
{
    const auto port = start();
    Client client(port);
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 104857600\r\n\r\n");
    EXPECT_EQ(client.get().status, 413);
    Client expecting(port);
    const auto got =
        expecting.ask("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; "
                      "boundary=B\r\nExpect: 100-continue\r\nContent-Length: 9999999999\r\n\r\n");
    EXPECT_EQ(got.status, 413);
    EXPECT_EQ(got.header("Connection"), "close");
}

TEST_F(Serving, AnEndlessChunkedBodyIsCutOff)
{
    Client client(start());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    const auto chunk = "10000\r\n" + std::string(65'536, 'x') + "\r\n";
    int sent = 0;
    while (sent < 4'000 && client.send(chunk))
        ++sent;
    EXPECT_LT(sent, 4'000);
}

TEST_F(Serving, LargeUploadsAreSpooledAndRemoved)
{
    Client client(start());
    const std::string content(40 << 20, 'z');
    const auto body = "--B\r\nContent-Disposition: form-data; name=f; filename=\"大.bin\"\r\n\r\n"
                      + content + "\r\n--B--\r\n";
    const auto got = client.ask(post_text("/upload", "multipart/form-data; boundary=B", body));
    EXPECT_EQ(got.body, "大.bin 41943040;");
    // The exchange ends a moment after its answer.
    for (int i = 0; i < 200 && spooled() > 0; ++i)
        std::this_thread::sleep_for(10ms);
    EXPECT_EQ(spooled(), 0U);
}

TEST_F(Serving, AnUploadBrokenOffLeavesNothing)
{
    const auto port = start();
    {
        Client client(port);
        client.send(
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\n"
            "Content-Length: 100000\r\n\r\n--B\r\nContent-Disposition: form-data; name=f; "
            "filename=x\r\n\r\nabc");
        for (int i = 0; i < 500 && spooled() == 0; ++i)
            std::this_thread::sleep_for(10ms);
        EXPECT_EQ(spooled(), 1U);
    }
    for (int i = 0; i < 500 && spooled() > 0; ++i)
        std::this_thread::sleep_for(10ms);
    EXPECT_EQ(spooled(), 0U);
}

TEST_F(Serving, BreakdownsAreIncidentsWithoutDetails)
{
    Client client(start());
    for (const auto* const path : {"/throws", "/throws-int", "/gone", "/splits"}) {
        const auto got = client.ask(get_text(path));
        EXPECT_EQ(got.status, 500) << path;
        EXPECT_NE(got.body.find("事件编号"), std::string::npos) << got.body;
        EXPECT_EQ(got.body.find("secret"), std::string::npos);
        EXPECT_EQ(got.header("Set-Cookie"), "");
    }
    const auto full = client.ask(get_text("/full"));
    EXPECT_EQ(full.status, 507);
    EXPECT_NE(full.body.find("test.disk_full"), std::string::npos);
    EXPECT_EQ(client.ask(get_text("/refuses")).status, 409);
}

TEST_F(Serving, TheGuardStandsBeforeEveryRouteThatIsNotPublic)
{
    hooks_.guard = [](Request& request, const Route&) -> base::Result<> {
        if (request.cookie("session") != "good")
            return base::refuse(base::Error::Kind::Unauthenticated, "test.no_session", "请先登录");
        request.actor.name = "张三";
        return {};
    };
    Client client(start());
    EXPECT_EQ(client.ask(get_text("/private")).status, 401);
    EXPECT_EQ(client.ask(get_text("/private", "Cookie: session=good\r\n")).body, "张三");
    EXPECT_EQ(client.ask(get_text("/dynamic")).status, 200);
    EXPECT_EQ(client.ask(get_text("/dynamic", "Cookie: session=bad\r\n")).status, 401);
}

TEST_F(Serving, BelievesForwardedHeadersOfOurProxiesOnly)
{
    settings_.trusted_proxies = {"127.0.0.1"};
    hooks_.cache_key = nullptr;
    Client client(start());
    const auto forwarded = client.ask(
        get_text("/who", "X-Forwarded-For: 1.2.3.4, 203.0.113.5\r\nX-Forwarded-Proto: https\r\n"));
    EXPECT_EQ(forwarded.body, "203.0.113.5 secure");
    EXPECT_FALSE(forwarded.header("Strict-Transport-Security").empty());
    EXPECT_EQ(client.ask(get_text("/who")).body, "127.0.0.1 plain");
}

TEST_F(Serving, DoesNotBelieveForwardedHeadersOfStrangers)
{
    Client client(start());
    EXPECT_EQ(
        client.ask(get_text("/who", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n"))
            .body,
        "127.0.0.1 plain");
}

TEST_F(Serving, ManyWhoMissTheSamePageWaitForOneRendering)
{
    const auto port = start();
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<Client>(port));
        clients.back()->send(get_text("/slow-page"));
    }
    // A request behind the others on the same loop: when it is answered, all have been read.
    EXPECT_EQ(Client(port).ask(get_text("/dynamic")).status, 200);
    gate_.open();
    for (auto& client : clients)
        EXPECT_EQ(client->get().body, "slow");
    EXPECT_EQ(rendered_, 1);
}

TEST_F(Serving, WaitersOfAnOvertakenPageAskAgain)
{
    const auto port = start();
    Client first(port);
    first.send(get_text("/slow-page"));
    while (rendered_ == 0)
        std::this_thread::sleep_for(1ms);
    cache_.drop({"item:2"});
    Client second(port);
    second.send(get_text("/slow-page"));
    EXPECT_EQ(Client(port).ask(get_text("/dynamic")).status, 200);
    gate_.open();
    EXPECT_EQ(first.get().body, "slow");
    EXPECT_EQ(second.get().body, "slow");
    EXPECT_EQ(rendered_, 2);
}

TEST_F(Serving, AFullQueueSaysTryLater)
{
    settings_.workers = 1;
    settings_.limits.queue_max = 2;
    hooks_.cache_key = nullptr;
    const auto port = start();
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 8; ++i) {
        clients.push_back(std::make_unique<Client>(port));
        clients.back()->send(get_text("/slow"));
        while (waiting_ == 0)
            std::this_thread::sleep_for(1ms);
    }
    // One runs, two wait, five are turned away.
    while (finished_ < 5)
        std::this_thread::sleep_for(1ms);
    gate_.open();
    int refused = 0;
    int served = 0;
    for (auto& client : clients) {
        const auto got = client->get();
        served += got.body == "late" ? 1 : 0;
        refused += got.status == 503 && !got.header("Retry-After").empty() ? 1 : 0;
    }
    EXPECT_EQ(served, 3);
    EXPECT_EQ(refused, 5);
}

TEST_F(Serving, SlowRequestsAreCutOffAndOthersServed)
{
    settings_.limits.header_timeout = 1s;
    settings_.limits.body_timeout = 1s;
    settings_.limits.idle_timeout = 1s;
    const auto port = start();
    Client head(port);
    head.send("GET / HTTP/1.1\r\nHost: a\r\n");
    Client body(port);
    body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123");
    Client idle(port);
    EXPECT_EQ(idle.ask(get_text("/page")).status, 200);
    Client silent(port);
    // A byte now and then does not keep a request alive.
    std::atomic<bool> done{false};
    std::thread dripping([&] {
        while (!done && head.send("X"))
            std::this_thread::sleep_for(200ms);
    });
    EXPECT_EQ(Client(port).ask(get_text("/page")).status, 200);
    EXPECT_EQ(head.get().status, 408);
    EXPECT_EQ(body.get().status, 408);
    EXPECT_EQ(idle.get().status, 0);
    EXPECT_EQ(silent.get().status, 0);
    done = true;
    dripping.join();
}

TEST_F(Serving, AClientThatDoesNotReadIsCutOff)
{
    settings_.limits.write_timeout = 1s;
    const auto port = start();
    Client client(port);
    std::string many;
    for (int i = 0; i < 500; ++i)
        many += get_text("/page");
    std::thread sender([&] { client.send(many); });
    for (int i = 0; i < 1'000 && finished_ == 0; ++i)
        std::this_thread::sleep_for(10ms);
    EXPECT_EQ(Client(port).ask(get_text("/dynamic")).status, 200);
    sender.join();
    std::this_thread::sleep_for(4s);
    client.wait_for_close();
    EXPECT_LT(finished_, 500);
}

TEST_F(Serving, TwoThousandIdleConnectionsDisturbNobody)
{
    const auto port = start();
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 2'000; ++i) {
        idle.push_back(std::make_unique<Client>(port));
        ASSERT_TRUE(idle.back()->is_connected()) << i;
    }
    EXPECT_EQ(Client(port).ask(get_text("/page")).status, 200);
    EXPECT_EQ(idle[0]->ask(get_text("/page")).status, 200);
    EXPECT_EQ(idle[1'999]->ask(get_text("/page")).status, 200);
}

TEST_F(Serving, MoreConnectionsThanAllowedAreTurnedAway)
{
    settings_.limits.connections_max = 5;
    const auto port = start();
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(std::make_unique<Client>(port));
        EXPECT_EQ(clients.back()->ask(get_text("/page")).status, 200);
    }
    EXPECT_EQ(Client(port).get().status, 503);
    clients.pop_back();
    // The place is free once the server has seen the close.
    int status = 0;
    for (int i = 0; i < 500 && status != 200; ++i) {
        std::this_thread::sleep_for(10ms);
        status = Client(port).ask(get_text("/page")).status;
    }
    EXPECT_EQ(status, 200);
}

TEST_F(Serving, StoppingLetsARunningRequestFinish)
{
    const auto port = start();
    Client running(port);
    running.send(get_text("/slow"));
    Client idle(port);
    EXPECT_EQ(idle.ask(get_text("/page")).status, 200);
    while (waiting_ == 0)
        std::this_thread::sleep_for(1ms);
    std::thread stopping([this] { server_->stop(); });
    EXPECT_EQ(idle.get().status, 0);
    gate_.open();
    const auto got = running.get();
    EXPECT_EQ(got.body, "late");
    EXPECT_EQ(got.header("Connection"), "close");
    running.wait_for_close();
    stopping.join();
    EXPECT_FALSE(Client(port).is_connected());
}

TEST_F(Serving, OldClientsAreServed)
{
    const auto port = start();
    Client old(port);
    old.send("GET /page HTTP/1.0\r\nHost: a\r\n\r\n");
    const auto got = old.get();
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.header("Connection"), "close");
    EXPECT_EQ(old.get().status, 0);
}

TEST_F(Serving, ATakenPortIsSaidPlainly)
{
    settings_.port = start();
    Server second(settings_, Router(routes_), hooks_, cache_, clock_);
    EXPECT_THROW(second.start(), std::runtime_error);
}

class ServingTls : public Serving {
protected:
    ServingTls()
    {
        settings_.certificate_file = (directory_ / "cert.pem").string();
        settings_.private_key_file = (directory_ / "key.pem").string();
        const auto command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
            "-days 2 -subj /CN=localhost -keyout "
            + settings_.private_key_file + " -out " + settings_.certificate_file + " 2>/dev/null";
        made_ = std::system(command.c_str()) == 0;
    }

    /// The whole answer to one request over TLS of this version; empty when the handshake fails.
    static std::string ask(std::uint16_t port, int version, const std::string& request)
    {
        const Client client(port);
        SSL_CTX* context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
        SSL* ssl = SSL_new(context);
        SSL_set_fd(ssl, client.descriptor());
        std::string all;
        if (SSL_connect(ssl) == 1
            && SSL_write(ssl, request.data(), static_cast<int>(request.size())) > 0) {
            char bytes[16 << 10];
            int read = 0;
            while ((read = SSL_read(ssl, bytes, sizeof bytes)) > 0)
                all.append(bytes, static_cast<std::size_t>(read));
        }
        SSL_free(ssl);
        SSL_CTX_free(context);
        return all;
    }

    bool made_ = false;
};

TEST_F(ServingTls, ServesPagesFilesAndBodiesOverTls)
{
    ASSERT_TRUE(made_);
    const auto port = start();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto page =
            ask(port, version, get_text("/page") + get_text("/page", "Connection: close\r\n"));
        EXPECT_NE(page.find("\r\n\r\n" + big_ + "HTTP/1.1 200 OK"), std::string::npos);
        EXPECT_TRUE(page.ends_with("\r\n\r\n" + big_));
        EXPECT_NE(page.find("Strict-Transport-Security: max-age="), std::string::npos);
        const auto file = ask(port, version, get_text("/file", "Connection: close\r\n"));
        EXPECT_TRUE(file.ends_with("\r\n\r\n" + file_text()));
        const auto who = ask(port, version, get_text("/who", "Connection: close\r\n"));
        EXPECT_TRUE(who.ends_with("127.0.0.1 secure"));
    }
}

TEST_F(ServingTls, RefusesOldVersionsAndPlainText)
{
    ASSERT_TRUE(made_);
    const auto port = start();
    EXPECT_EQ(ask(port, TLS1_1_VERSION, get_text("/page")), "");
    EXPECT_EQ(Client(port).ask(get_text("/page")).status, 0);
    EXPECT_FALSE(ask(port, TLS1_3_VERSION, get_text("/page", "Connection: close\r\n")).empty());
}

TEST_F(ServingTls, ACertificateThatCannotBeReadIsSaidPlainly)
{
    settings_.certificate_file = "/nowhere/cert.pem";
    EXPECT_THROW(start(), std::runtime_error);
}

} // namespace
} // namespace http
