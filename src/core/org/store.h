#pragma once

// The table org_orgs.

#include "core/org/org.h"

#include <optional>

namespace org {

base::OrgId insert_org(db::Transaction&, const Org&);
void save_org(db::Transaction&, const Org&);
std::optional<Org> find_org(db::Transaction&, base::OrgId);
std::vector<Org> list_all(db::Transaction&);
std::vector<base::OrgId> list_ids_under(db::Transaction&, std::string_view path);

/// Gives everything that lies below `old_path` its place below `new_path`.
void move_subtree(db::Transaction&, std::string_view old_path, std::string_view new_path);

} // namespace org
