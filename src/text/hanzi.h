#pragma once

// Simplified into traditional characters (简/繁) with OpenCC: word by word, so that 干部 becomes
// 幹部 and 干燥 乾燥. For readers who switch the portal to 繁體: pages are converted as a whole.

#include <memory>
#include <string>
#include <string_view>

namespace text {

enum class Traditional {
    Standard, // OpenCC's own standard (s2t).
    Taiwan,   // Taiwan's variants (s2tw).
    HongKong, // Hong Kong's variants (s2hk).
};

/// Thread-safe; loads its dictionaries when built (tens of milliseconds), so build one and keep it.
class TraditionalConverter {
public:
    /// Throws std::runtime_error when the dictionaries are not installed.
    explicit TraditionalConverter(Traditional form = Traditional::Standard);
    ~TraditionalConverter();
    TraditionalConverter(TraditionalConverter&&) noexcept;
    TraditionalConverter& operator=(TraditionalConverter&&) noexcept;

    std::string convert(std::string_view utf8) const;

    /// A page or a part of one: text and the attributes that people read (alt, title, placeholder,
    /// aria-label, and the content of description and keywords); never tags, addresses, scripts,
    /// styles, text areas, or what is marked with another lang than Chinese, or translate="no". All
    /// other bytes stay exactly as they are.
    std::string convert_html(std::string_view html) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace text
