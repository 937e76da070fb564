#pragma once

// A Word document (ISO/IEC 29500 WordprocessingML) as blocks: paragraphs with their automatic
// numbers written out, headings by style or outline level, bullets, tables with merged cells, bold,
// italic and footnotes. Tracked insertions are kept, deletions dropped and counted; pictures are
// counted.

#include "base/result.h"
#include "publish/intake/block.h"

#include <string_view>

namespace intake {

/// Refuses with intake.broken_archive, intake.archive_limits, intake.active_content (macros,
/// embedded objects, remote templates), intake.wrong_type (a ZIP that is no Word document).
base::Result<Material> read_docx(std::string_view bytes);

} // namespace intake
