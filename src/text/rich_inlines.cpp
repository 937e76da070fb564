// Lines and formatting of the builder.

#include "text/rich_builder.h"

#include "text/utf8.h"

#include <algorithm>

namespace text::rich {

namespace {

constexpr std::size_t FORMATTING_MAX = 12; // Elements around one character.

bool is_blank_text(std::string_view text)
{
    return text.find_first_not_of(" \t\n\f") == std::string_view::npos;
}

/// What an inline tag asks for: its own element, and what its style means.
std::vector<Element> asked_elements(Element element, const Style& style)
{
    std::vector<Element> elements;
    if (element != Element::Span)
        return {element};
    if (style.bold)
        elements.push_back(Element::Strong);
    if (style.italic)
        elements.push_back(Element::Em);
    if (style.underlined)
        elements.push_back(Element::U);
    if (style.struck)
        elements.push_back(Element::S);
    if (style.sub)
        elements.push_back(Element::Sub);
    if (style.sup)
        elements.push_back(Element::Sup);
    return elements;
}

/// From the ideographs' punctuation on, characters stand without blanks between them.
bool is_east_asian(char32_t point) { return point >= 0x2E80; }

char32_t last_code_point(std::string_view text)
{
    auto at = text.size();
    while (at > 0) {
        --at;
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U)
            return decode_utf8(text, at).value;
    }
    return 0;
}

} // namespace

/// Word breaks its lines anywhere; between Chinese characters such a break is nothing, elsewhere a
/// blank. No-break spaces are layout.
void Builder::collapse_office_blanks()
{
    std::string plain;
    plain.reserve(pending_.size());
    for (std::size_t at = 0; at < pending_.size();) {
        const auto point = decode_utf8(pending_, at);
        const auto length = point.length;
        if (point.value == 0xA0)
            plain += ' ';
        else if (point.value != '\n' && point.value != '\t')
            plain.append(pending_, at, length);
        at += length;
        if (point.value != '\n' && point.value != '\t')
            continue;
        at = std::min(pending_.find_first_not_of(" \t\n", at), pending_.size());
        const auto after = at < pending_.size() ? decode_utf8(pending_, at).value : 0;
        const bool beside = is_east_asian(last_code_point(plain)) || is_east_asian(after);
        if (!beside && (plain.empty() || plain.back() != ' '))
            plain += ' ';
    }
    pending_ = std::move(plain);
}

void Builder::flush_text()
{
    if (pending_.empty())
        return;
    if (skip_newline_ && pending_[0] == '\n')
        pending_.erase(0, 1);
    skip_newline_ = false;
    if (origin_ == Origin::Office && context() != Element::Pre)
        collapse_office_blanks();
    if (!pending_.empty() && ready_for_inline(is_blank_text(pending_))) {
        sync_inlines();
        tree_.append_text(insertion_node(), pending_);
    }
    pending_.clear();
}

bool Builder::wants_paragraph() const
{
    const auto element = context();
    return !is_line(element)
           && (top().group || element == Element::Root || element == Element::Blockquote
               || element == Element::Details);
}

/// Makes the place where inline content may go. False when it is a blank that means nothing there.
bool Builder::ready_for_inline(bool blank)
{
    if (is_line(context()))
        return true;
    const bool between =
        is_list(context()) || context() == Element::Dl || is_between_cells(context());
    if (blank && (between || wants_paragraph()))
        return false;
    const auto last = tree_.at(top().node).last;
    if (blank && inlines_.empty() && (last == NO_NODE || !is_inline(tree_.at(last).element)))
        return false;
    fit_context();
    if (wants_paragraph())
        push(Element::P, meaning_of("p").family, write_class(alignment()));
    return true;
}

NodeId Builder::insertion_node() const
{
    return inlines_.empty() ? top().node : inlines_.back().node;
}

/// Opens and closes inline elements until they are what the formatting asks for.
void Builder::sync_inlines()
{
    if (!dirty_)
        return;
    dirty_ = false;
    if (reopened_bytes_ > reopened_bytes_max_)
        wanted_.resize(floor_);
    std::size_t kept = 0;
    bool same = true;
    for (auto at = floor_; at < wanted_.size(); ++at) {
        auto& wanted = wanted_[at];
        for (const auto& [element, attributes] : wanted.elements) {
            same = same && kept < inlines_.size() && inlines_[kept].id == wanted.id
                   && inlines_[kept].element == element;
            if (same) {
                ++kept;
                continue;
            }
            inlines_.resize(std::min(kept, inlines_.size()));
            if (wanted.opened)
                reopened_bytes_ += attributes.size() + 16;
            const auto node = tree_.append(insertion_node(), element, attributes);
            inlines_.push_back({wanted.id, element, node});
            ++kept;
        }
        wanted.opened = true;
    }
    inlines_.resize(std::min(kept, inlines_.size()));
}

bool Builder::is_wanted(Element element) const
{
    for (auto at = floor_; at < wanted_.size(); ++at)
        for (const auto& [wanted, attributes] : wanted_[at].elements)
            if (wanted == element)
                return true;
    return false;
}

std::size_t Builder::wanted_count() const
{
    std::size_t count = 0;
    for (auto at = floor_; at < wanted_.size(); ++at)
        count += wanted_[at].elements.size();
    return count;
}

void Builder::remove_wanted(Element element)
{
    const auto has = [element](const Wanted& wanted) {
        return !wanted.elements.empty() && wanted.elements[0].first == element;
    };
    const auto from = wanted_.begin() + static_cast<std::ptrdiff_t>(floor_);
    const auto rest = std::remove_if(from, wanted_.end(), has);
    dirty_ = dirty_ || rest != wanted_.end();
    wanted_.erase(rest, wanted_.end());
}

void Builder::start_inline(const TagMeaning& meaning, const HtmlTag& tag)
{
    const auto element = meaning.element;
    Wanted wanted{meaning.family, 0, {}, next_id_};
    if (element == Element::A) {
        remove_wanted(Element::A);
        const auto* href = tag.find("href");
        const auto address = href == nullptr ? Address{} : address_of(*href);
        notes_.urls_refused += href != nullptr && address.url.empty() ? 1 : 0;
        if (address.url.empty())
            return;
        std::string attributes;
        append_attribute(attributes, "href", address.url);
        wanted.elements.emplace_back(
            element, attributes + write_attributes(element, tag, origin_, {}));
    } else if (element == Element::Rt || element == Element::Rp) {
        remove_wanted(Element::Rt);
        remove_wanted(Element::Rp);
        if (!is_wanted(Element::Ruby))
            return;
    }
    if (element != Element::A) {
        for (const auto asked : asked_elements(element, style_of(tag)))
            if (!is_wanted(asked))
                wanted.elements.emplace_back(
                    asked, asked == element ? write_attributes(asked, tag, origin_, {}) : "");
        auto attributes =
            element == Element::Span ? write_attributes(element, tag, origin_, {}) : "";
        if (!attributes.empty() && !is_wanted(Element::Span))
            wanted.elements.emplace_back(element, std::move(attributes));
    }
    const bool useful =
        !wanted.elements.empty() && wanted_count() + wanted.elements.size() <= FORMATTING_MAX;
    if (useful) {
        ++next_id_;
        dirty_ = true;
        wanted_.push_back(std::move(wanted));
        return;
    }
    for (auto at = wanted_.size(); at > floor_; --at)
        if (wanted_[at - 1].family == meaning.family) {
            ++wanted_[at - 1].nested;
            return;
        }
}

void Builder::end_inline(std::uint8_t family)
{
    for (auto at = wanted_.size(); at > floor_; --at) {
        auto& wanted = wanted_[at - 1];
        if (wanted.family != family)
            continue;
        if (wanted.nested > 0) {
            --wanted.nested;
            return;
        }
        const bool ruby = wanted.elements[0].first == Element::Ruby;
        wanted_.erase(wanted_.begin() + static_cast<std::ptrdiff_t>(at - 1));
        dirty_ = true;
        if (ruby) { // Its annotations stand nowhere else.
            remove_wanted(Element::Rt);
            remove_wanted(Element::Rp);
        }
        return;
    }
}

void Builder::add_image(const HtmlTag& tag)
{
    const auto* source = tag.find("src");
    const auto* lazy = tag.find("data-src"); // 公众号 pages keep the true address here.
    auto address = lazy == nullptr ? Address{} : address_of(*lazy);
    if (address.url.empty())
        address = source == nullptr ? Address{} : address_of(*source);
    if (address.url.empty()) {
        if (address.local)
            ++notes_.local_images;
        else
            ++notes_.urls_refused;
        return;
    }
    notes_.remote_images += address.remote ? 1 : 0;
    std::string attributes;
    append_attribute(attributes, "src", address.url);
    attributes += write_attributes(Element::Img, tag, origin_, {});
    ready_for_inline(false);
    sync_inlines();
    tree_.append(insertion_node(), Element::Img, std::move(attributes));
}

void Builder::add_break()
{
    ready_for_inline(false);
    sync_inlines();
    tree_.append(insertion_node(), Element::Br);
}

} // namespace text::rich
