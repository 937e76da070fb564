#include "portal/data.h"

namespace portal {

Fields::Fields(std::initializer_list<std::pair<std::string_view, Data>> fields)
    : fields_(fields)
{
}

void Fields::set(std::string_view name, Data value)
{
    for (auto& field : fields_) {
        if (field.first == name) {
            field.second = std::move(value);
            return;
        }
    }
    fields_.emplace_back(name, std::move(value));
}

const Data* Fields::find(std::string_view name) const
{
    for (const auto& field : fields_) {
        if (field.first == name)
            return &field.second;
    }
    return nullptr;
}

bool Data::is_something() const
{
    if (const auto* flag = std::get_if<bool>(&value_))
        return *flag;
    if (const auto* words = text())
        return !words->empty();
    if (const auto* markup = html())
        return !markup->bytes.empty();
    if (const auto* entries = list())
        return !entries->empty();
    return true;
}

} // namespace portal
