#pragma once
#include "db/migrations.h"

namespace library {
std::vector<db::Migration> migrations();
}
