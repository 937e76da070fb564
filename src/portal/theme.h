#pragma once

// Themes (主题): folders of templates, colours and pictures, without code. A theme takes each file
// from its own folder, else from its parent, in the end from "base". What every government page
// must have (page tags, marks, 找错 entry, skip link) is proved on a probe page before a theme is
// accepted, so no theme can forget it; neither does one load whose colours are too faint.

#include "base/result.h"
#include "portal/template.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portal {

/// A file that browsers may keep for ever: its name carries the hash of its bytes.
struct StaticFile {
    std::string media_type;
    std::string bytes;
};

class Theme {
public:
    /// Loads `name` from the folder `themes`. Refuses with portal.theme_not_found,
    /// portal.theme_invalid, portal.template_invalid, portal.theme_contrast.
    static base::Result<Theme> load(const std::filesystem::path& themes, std::string_view name);

    const std::string& name() const { return name_; }
    const std::string& title() const { return title_; }

    /// The page inside the frame: whole document. Requires: the template exists.
    std::string render(std::string_view page, Fields data) const;
    /// A page that has no site around it (layout/bare).
    std::string render_bare(Fields data) const;

    /// "/static/pine/site.1f3a….css" for "site.css"; "" when there is no such file.
    std::string address_of(std::string_view file) const;
    /// By the hashed name in the address.
    const StaticFile* find_static(std::string_view hashed_name) const;

private:
    struct Sources;
    base::Result<> accept(const Sources&);
    void keep_static(const std::string& file, std::string bytes);
    void set_addresses(Fields&) const;

    std::string name_;
    std::string title_;
    TemplateSet templates_;
    std::map<std::string, std::string, std::less<>> addresses_;
    std::map<std::string, StaticFile, std::less<>> statics_;
};

/// All themes of a folder. Immutable; loaded once at start.
class ThemeShelf {
public:
    /// Throws std::runtime_error when "base" does not load; another theme that does not is left out
    /// and told in `faults`.
    explicit ThemeShelf(const std::filesystem::path& themes);

    /// The theme, or base when there is none of that name.
    const Theme& find(std::string_view name) const;
    const std::map<std::string, Theme, std::less<>>& all() const { return themes_; }
    const std::vector<std::string>& faults() const { return faults_; }

private:
    std::map<std::string, Theme, std::less<>> themes_;
    std::vector<std::string> faults_;
};

} // namespace portal
