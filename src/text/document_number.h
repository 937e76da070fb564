#pragma once

// The number of an official document (发文字号): the issuing organ's short name (机关代字), the
// year in hexagonal brackets 〔〕 (U+3014, U+3015), the serial without leading zeros, and 号. What
// people type and what conversions leave – [2006], （2006）, ［２００６］, 【2006】, stray blanks –
// is recognised and written the one right way.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace text {

struct DocumentNumber {
    std::string organ;      // 国办发
    int year = 0;           // 2006
    long serial = 0;        // 104
    std::size_t offset = 0; // Where it stands in the text that was searched, in bytes.
    std::size_t length = 0;

    /// 国办发〔2006〕104号
    std::string canonical() const;
};

/// Every document number in a text, from left to right, never overlapping.
std::vector<DocumentNumber> find_document_numbers(std::string_view utf8);

/// The canonical form when the whole text, apart from blanks around it, is one document number.
std::optional<std::string> normalise_document_number(std::string_view utf8);

} // namespace text
