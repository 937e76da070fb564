#include "http/server_transport.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <sys/sendfile.h>
#include <sys/socket.h>

namespace http {

namespace {

Moved outcome_of(ssize_t moved, Transfer wanted)
{
    if (moved > 0)
        return {Transfer::Done, static_cast<std::size_t>(moved)};
    if (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return {wanted, 0};
    return {Transfer::Closed, 0};
}

std::string openssl_reason()
{
    const auto code = ERR_get_error();
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    ERR_clear_error();
    return text.data();
}

} // namespace

Moved PlainTransport::read(char* data, std::size_t size)
{
    ssize_t moved = 0;
    do
        moved = ::recv(descriptor_, data, size, 0);
    while (moved < 0 && errno == EINTR);
    return outcome_of(moved, Transfer::WantRead);
}

Moved PlainTransport::write(const iovec* pieces, std::size_t count)
{
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces); // The kernel only reads it.
    message.msg_iovlen = count;
    ssize_t moved = 0;
    do
        moved = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
    while (moved < 0 && errno == EINTR);
    return outcome_of(moved, Transfer::WantWrite);
}

Moved PlainTransport::send_file(int file, std::uint64_t offset, std::uint64_t length)
{
    auto at = static_cast<off_t>(offset);
    ssize_t moved = 0;
    do
        moved = ::sendfile(descriptor_, file, &at, static_cast<std::size_t>(length));
    while (moved < 0 && errno == EINTR);
    return outcome_of(moved, Transfer::WantWrite);
}

void PlainTransport::end_writing() { ::shutdown(descriptor_, SHUT_WR); }

TlsContext::TlsContext(const std::string& certificate_file, const std::string& private_key_file)
    : context_(SSL_CTX_new(TLS_server_method()))
{
    if (context_ == nullptr)
        throw std::runtime_error("TLS 无法启动：" + openssl_reason());
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(
        context_,
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305");
    SSL_CTX_set_options(
        context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(
        context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                      | SSL_MODE_RELEASE_BUFFERS);
    std::string failed;
    if (SSL_CTX_use_certificate_chain_file(context_, certificate_file.c_str()) != 1)
        failed = fmt::format("读不了证书 {}：{}", certificate_file, openssl_reason());
    else if (SSL_CTX_use_PrivateKey_file(context_, private_key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        failed = fmt::format("读不了私钥 {}：{}", private_key_file, openssl_reason());
    else if (SSL_CTX_check_private_key(context_) != 1)
        failed = fmt::format("私钥 {} 与证书 {} 不匹配", private_key_file, certificate_file);
    if (failed.empty())
        return;
    SSL_CTX_free(context_);
    throw std::runtime_error(failed);
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

TlsTransport::TlsTransport(int descriptor, const TlsContext& context)
    : descriptor_(descriptor)
    , ssl_(SSL_new(context.get()))
{
    if (ssl_ == nullptr || SSL_set_fd(ssl_, descriptor) != 1)
        throw std::runtime_error("TLS: " + openssl_reason());
    SSL_set_accept_state(ssl_);
}

TlsTransport::~TlsTransport() { SSL_free(ssl_); }

Moved TlsTransport::outcome(int result)
{
    if (result > 0)
        return {Transfer::Done, static_cast<std::size_t>(result)};
    switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ: return {Transfer::WantRead, 0};
    case SSL_ERROR_WANT_WRITE: return {Transfer::WantWrite, 0};
    default: ERR_clear_error(); return {Transfer::Closed, 0};
    }
}

Transfer TlsTransport::handshake()
{
    ERR_clear_error();
    return outcome(SSL_do_handshake(ssl_)).transfer;
}

Moved TlsTransport::read(char* data, std::size_t size)
{
    ERR_clear_error();
    return outcome(SSL_read(ssl_, data, static_cast<int>(size)));
}

/// Small pieces are gathered, so that a head does not cost a record of its own. After WantWrite the
/// same pieces must be offered again, perhaps followed by more.
Moved TlsTransport::write(const iovec* pieces, std::size_t count)
{
    ERR_clear_error();
    constexpr std::size_t record_max = 16U << 10;
    if (count == 1 || pieces[0].iov_len >= record_max) {
        const auto size = std::min(pieces[0].iov_len, record_max);
        return outcome(SSL_write(ssl_, pieces[0].iov_base, static_cast<int>(size)));
    }
    std::array<char, record_max> record;
    std::size_t size = 0;
    for (std::size_t i = 0; i < count && size < record_max; ++i) {
        const auto taken = std::min(pieces[i].iov_len, record_max - size);
        std::memcpy(record.data() + size, pieces[i].iov_base, taken);
        size += taken;
    }
    return outcome(SSL_write(ssl_, record.data(), static_cast<int>(size)));
}

void TlsTransport::end_writing()
{
    ERR_clear_error();
    if (SSL_is_init_finished(ssl_) == 1)
        SSL_shutdown(ssl_);
    ::shutdown(descriptor_, SHUT_WR);
}

} // namespace http
