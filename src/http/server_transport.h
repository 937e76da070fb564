#pragma once

// Bytes to and from one non-blocking socket, plain or through TLS. Both have the same shape, so
// that the session is written once.

#include <cstddef>
#include <cstdint>
#include <openssl/types.h>
#include <string>
#include <sys/uio.h>

namespace http {

enum class Transfer { Done, WantRead, WantWrite, Closed };

struct Moved {
    Transfer transfer = Transfer::Closed;
    std::size_t bytes = 0; // More than 0 exactly when Done.
};

class PlainTransport {
public:
    struct Shared {}; // What all connections of a server have in common.

    PlainTransport(int descriptor, const Shared&)
        : descriptor_(descriptor)
    {
    }

    static constexpr bool is_secure = false;
    /// Whether `file_to_socket` works without copying through memory.
    static constexpr bool sends_files = true;

    Transfer handshake() { return Transfer::Done; }
    Moved read(char* data, std::size_t size);
    Moved write(const iovec* pieces, std::size_t count);
    Moved send_file(int file, std::uint64_t offset, std::uint64_t length);
    bool may_have_more() const { return false; }
    /// No more will be written.
    void end_writing();

private:
    int descriptor_;
};

/// TLS 1.2 and 1.3 with the ciphers Mozilla calls intermediate.
class TlsContext {
public:
    /// Throws std::runtime_error with a sentence for the administrator.
    TlsContext(const std::string& certificate_file, const std::string& private_key_file);
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    ~TlsContext();

    SSL_CTX* get() const { return context_; }

private:
    SSL_CTX* context_;
};

class TlsTransport {
public:
    using Shared = TlsContext;

    TlsTransport(int descriptor, const TlsContext& context);
    TlsTransport(const TlsTransport&) = delete;
    TlsTransport& operator=(const TlsTransport&) = delete;
    ~TlsTransport();

    static constexpr bool is_secure = true;
    static constexpr bool sends_files = false;

    Transfer handshake();
    Moved read(char* data, std::size_t size);
    Moved write(const iovec* pieces, std::size_t count);
    Moved send_file(int, std::uint64_t, std::uint64_t) { return {}; }
    /// Decrypted bytes wait inside, of which epoll knows nothing.
    bool may_have_more() const { return true; }
    void end_writing();

private:
    Moved outcome(int result);

    int descriptor_;
    SSL* ssl_;
};

} // namespace http
