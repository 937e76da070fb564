#pragma once

// Bytes of a text file as UTF-8. Files on government machines are UTF-8 or GB18030, now and then
// UTF-16 from a "save as Unicode"; what a file says about itself is often wrong, so the bytes
// decide.

#include "base/result.h"

#include <string>
#include <string_view>

namespace intake {

struct Decoded {
    std::string text; // Valid UTF-8, newlines as LF, no control characters.
    bool odd = false; // Not UTF-8, or repaired: somebody should read it through.
};

/// Refuses with intake.wrong_type (a binary file) and intake.unreadable_text.
base::Result<Decoded> decode_text(std::string_view bytes);

} // namespace intake
