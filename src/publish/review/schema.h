#pragma once
#include "db/migrations.h"

namespace review {
std::vector<db::Migration> migrations();
}
