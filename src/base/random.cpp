#include "base/random.h"

#include <openssl/rand.h>
#include <stdexcept>
#include <string_view>

namespace base {

std::string random_bytes(std::size_t count)
{
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        throw std::runtime_error("the random number generator of the system failed");
    return bytes;
}

std::string random_code(std::size_t length)
{
    constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    static_assert(alphabet.size() == 32); // A power of two, so that no character is favoured.
    auto text = random_bytes(length);
    for (auto& character : text)
        character = alphabet[static_cast<unsigned char>(character) % alphabet.size()];
    return text;
}

} // namespace base
