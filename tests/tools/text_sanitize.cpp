// Cleans rich text for tests in a browser: one JSON string a line on standard input, one a line on
// standard output. The argument "office" cleans as pasted from Word.

#include "text/sanitize.h"

#include <boost/json.hpp>
#include <iostream>
#include <string>

int main(int count, char** arguments)
{
    const bool office = count > 1 && std::string_view(arguments[1]) == "office";
    const auto origin = office ? text::Origin::Office : text::Origin::Stored;
    std::string line;
    while (std::getline(std::cin, line)) {
        const auto input = boost::json::parse(line);
        const auto result = text::sanitize(input.as_string(), text::Tier::Editor, origin);
        std::cout << boost::json::serialize(boost::json::value(result.html)) << '\n';
    }
    return 0;
}
