#pragma once
#include "db/migrations.h"

namespace org {
std::vector<db::Migration> migrations();
}
