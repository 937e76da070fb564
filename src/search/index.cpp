#include "search/index.h"

#include "base/log.h"
#include "search/builder.h"
#include "search/file.h"
#include "search/manifest.h"
#include "search/merge.h"
#include "search/parse.h"
#include "search/query.h"
#include "search/sounds.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <stdexcept>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace search {
namespace {

constexpr std::size_t builder_memory_max = 48U << 20;
constexpr std::size_t counted_at_once_max = 5'000;

/// What readers see: replaced whole at a commit, never changed.
struct State {
    std::vector<Part> parts;
    std::int64_t cursor = 0;
    std::size_t count = 0;
};

/// A part as the writer sees it: what died since the last commit is in a copy of its own.
struct Draft {
    Part part;
    std::shared_ptr<Dead> changed; // Null: as committed.
};

/// Keeps a second process out.
class DirectoryLock {
public:
    explicit DirectoryLock(const std::filesystem::path& directory)
        : file_(create_file(directory / "lock"))
    {
        if (::flock(file_, LOCK_EX | LOCK_NB) == 0)
            return;
        ::close(file_);
        throw std::runtime_error(
            "search index: " + directory.string() + " is in use by another process");
    }
    ~DirectoryLock() { ::close(file_); }
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

private:
    int file_;
};

class DiskIndex final : public Index {
public:
    explicit DiskIndex(const std::filesystem::path& directory)
        : directory_(directory)
        , lock_(directory)
        , builder_(std::make_unique<Builder>())
    {
        load();
        merger_ = std::thread([this] { merge_for_ever(); });
    }

    ~DiskIndex() override
    {
        {
            const std::lock_guard guard(writer_);
            stop_ = true;
        }
        wake_.notify_all();
        merger_.join();
    }

    void put(std::span<const Document> documents) override
    {
        const std::lock_guard guard(writer_);
        undo_when_failing([&] {
            for (const auto& document : documents) {
                kill(document.id);
                builder_->add(document);
                if (builder_->memory() > builder_memory_max)
                    write_builder();
            }
        });
    }

    void remove(std::span<const std::int64_t> ids) override
    {
        const std::lock_guard guard(writer_);
        for (const auto id : ids) {
            kill(id);
            builder_->remove(id);
        }
    }

    void clear() override
    {
        const std::lock_guard guard(writer_);
        builder_ = std::make_unique<Builder>();
        drafts_.clear();
        remove_uncommitted();
    }

    void commit(std::int64_t cursor) override
    {
        {
            const std::lock_guard guard(writer_);
            undo_when_failing([&] {
                if (!builder_->empty())
                    write_builder();
                commit_drafts(cursor);
            });
        }
        wake_.notify_all();
    }

    std::int64_t cursor() const override { return state()->cursor; }
    std::size_t count() const override { return state()->count; }

    std::uint64_t size() const override
    {
        std::uint64_t bytes = 0;
        for (const auto& part : state()->parts)
            bytes += part.segment->bytes();
        return bytes;
    }

    base::Result<Results> search(const Query& query) const override
    {
        const auto now = state();
        return answer({now->parts, [&] { return neighbours(*now); }}, query);
    }

    std::vector<std::string> suggest(std::string_view prefix, int limit) const override
    {
        const auto now = state();
        return titles_for({now->parts, [&] { return neighbours(*now); }}, prefix, limit);
    }

    void settle() override
    {
        std::unique_lock lock(writer_);
        rest_.wait(lock, [&] { return !merging_ && parts_to_merge(state()->parts).empty(); });
    }

private:
    std::shared_ptr<const State> state() const
    {
        const std::lock_guard guard(state_guard_);
        return state_;
    }

    /// Small indexes count their pairs when asked; large ones in the background as they grow.
    std::shared_ptr<const Neighbours> neighbours(const State& now) const
    {
        const std::lock_guard guard(neighbours_guard_);
        const bool stale = now.count <= counted_at_once_max ? neighbours_cursor_ != now.cursor
                                                            : neighbours_count_ == 0;
        if (!neighbours_ || stale) {
            neighbours_ = std::make_shared<Neighbours>(now.parts);
            neighbours_count_ = now.count;
            neighbours_cursor_ = now.cursor;
        }
        return neighbours_;
    }

    /// Counts the pairs of a large index again when it has grown by half.
    void refresh_neighbours(const State& now)
    {
        {
            const std::lock_guard guard(neighbours_guard_);
            if (now.count <= counted_at_once_max
                || (neighbours_ && now.count < neighbours_count_ * 3 / 2))
                return;
        }
        auto fresh = std::make_shared<Neighbours>(now.parts);
        const std::lock_guard guard(neighbours_guard_);
        neighbours_ = std::move(fresh);
        neighbours_count_ = now.count;
        neighbours_cursor_ = now.cursor;
    }

    void publish(std::shared_ptr<State> state)
    {
        for (const auto& part : state->parts)
            state->count += part.alive();
        const std::lock_guard guard(state_guard_);
        state_ = std::move(state);
    }

    void load()
    {
        const auto manifest = load_manifest(directory_).value_or(Manifest{});
        remove_strays(directory_, manifest);
        auto state = std::make_shared<State>();
        state->cursor = manifest.cursor;
        for (const auto& member : manifest.members) {
            Part part;
            part.segment =
                std::make_shared<Segment>(segment_path(directory_, member.number), member.number);
            part.dead_generation = member.dead_generation;
            const auto size = part.segment->size();
            part.dead =
                member.dead_generation == 0
                    ? std::make_shared<const Dead>(size)
                    : std::make_shared<const Dead>(Dead::load(
                        dead_path(directory_, member.number, member.dead_generation), size));
            state->parts.push_back(std::move(part));
        }
        next_number_ = manifest.next_number;
        publish(std::move(state));
        drafts_ = drafts_of(*state_);
    }

    static std::vector<Draft> drafts_of(const State& state)
    {
        std::vector<Draft> drafts;
        for (const auto& part : state.parts)
            drafts.push_back({part, nullptr});
        return drafts;
    }

    /// Runs a change; when it throws (disk full), everything since the last commit is forgotten.
    template <typename Change>
    void undo_when_failing(Change&& change)
    {
        try {
            change();
        } catch (...) {
            builder_ = std::make_unique<Builder>();
            drafts_ = drafts_of(*state());
            remove_uncommitted();
            throw;
        }
    }

    void remove_uncommitted()
    {
        std::error_code ignored; // What stays behind goes at the next opening.
        for (const auto number : uncommitted_)
            std::filesystem::remove(segment_path(directory_, number), ignored);
        uncommitted_.clear();
    }

    void kill(std::int64_t id)
    {
        for (auto& draft : drafts_) {
            const auto document = draft.part.segment->find(id);
            if (document == Segment::none || draft.part.dead->has(document))
                continue;
            if (!draft.changed) {
                draft.changed = std::make_shared<Dead>(*draft.part.dead);
                draft.part.dead = draft.changed;
            }
            draft.changed->add(document);
        }
    }

    void write_builder()
    {
        const auto number = next_number_++;
        const auto path = segment_path(directory_, number);
        uncommitted_.push_back(number);
        Draft draft;
        draft.changed = std::make_shared<Dead>(*builder_->write(path));
        builder_ = std::make_unique<Builder>();
        draft.part.segment = std::make_shared<Segment>(path, number);
        draft.part.dead = draft.changed;
        drafts_.push_back(std::move(draft));
    }

    void commit_drafts(std::int64_t cursor)
    {
        auto state = std::make_shared<State>();
        state->cursor = cursor;
        for (auto& draft : drafts_) {
            if (draft.changed && draft.changed->count() != 0)
                save_dead(draft.part);
            draft.changed = nullptr;
            if (draft.part.alive() != 0)
                state->parts.push_back(draft.part);
        }
        save(std::move(state));
        drafts_ = drafts_of(*state_);
        uncommitted_.clear();
    }

    void save_dead(Part& part)
    {
        part.dead_generation = next_number_++;
        part.dead->save(dead_path(directory_, part.segment->number(), part.dead_generation));
    }

    /// Makes a state durable, then visible, then removes the files only the old one needed.
    void save(std::shared_ptr<State> next)
    {
        Manifest manifest{.cursor = next->cursor, .next_number = next_number_, .members = {}};
        for (const auto& part : next->parts)
            manifest.members.push_back({part.segment->number(), part.dead_generation});
        sync_directory(directory_);
        save_manifest(directory_, manifest);
        const auto before = state();
        publish(std::move(next));
        remove_unused(*before, manifest);
    }

    void remove_unused(const State& before, const Manifest& manifest) const
    {
        std::error_code ignored; // What stays behind goes at the next opening.
        for (const auto& part : before.parts) {
            const auto number = part.segment->number();
            const auto same = std::find_if(
                manifest.members.begin(), manifest.members.end(),
                [&](const auto& member) { return member.number == number; });
            const bool stays = same != manifest.members.end();
            if (!stays)
                std::filesystem::remove(segment_path(directory_, number), ignored);
            if (part.dead_generation != 0
                && (!stays || same->dead_generation != part.dead_generation))
                std::filesystem::remove(
                    dead_path(directory_, number, part.dead_generation), ignored);
        }
    }

    /// The first query should not wait for the lexicon.
    static void warm_up()
    {
        try {
            parse("政务公开");
            syllables_of(U'政');
        } catch (const std::exception& failure) {
            base::log_error("Search has no lexicon: {}", failure.what());
        }
    }

    void merge_for_ever()
    {
        warm_up();
        std::unique_lock lock(writer_);
        while (!stop_) {
            std::vector<Part> chosen;
            for (const auto place : parts_to_merge(state()->parts))
                chosen.push_back(state()->parts[place]);
            if (chosen.empty()) {
                const auto now = state();
                lock.unlock();
                refresh_neighbours(*now);
                lock.lock();
                if (stop_ || now != state())
                    continue; // Something was committed meanwhile.
                merging_ = false;
                rest_.notify_all();
                wake_.wait(lock);
                continue;
            }
            merging_ = true;
            try {
                merge(chosen, lock);
            } catch (const std::exception& failure) {
                base::log_error("Merging the search index failed: {}", failure.what());
                if (!lock.owns_lock())
                    lock.lock();
                merging_ = false;
                rest_.notify_all();
                wake_.wait(lock); // Until the next commit.
            }
        }
        merging_ = false;
        rest_.notify_all();
    }

    void merge(const std::vector<Part>& chosen, std::unique_lock<std::mutex>& lock)
    {
        const auto number = next_number_++;
        const auto path = segment_path(directory_, number);
        lock.unlock();
        const auto moves = merge_parts(chosen, path, stop_);
        auto merged = moves ? std::make_shared<const Segment>(path, number) : nullptr;
        lock.lock();
        if (merged)
            install(chosen, *moves, merged);
    }

    /// Puts the merged segment in the place of its sources, with what died in them meanwhile.
    void install(
        const std::vector<Part>& chosen, const Moves& moves,
        const std::shared_ptr<const Segment>& merged)
    {
        auto next = std::make_shared<State>();
        next->cursor = state_->cursor;
        next->parts = state_->parts;
        Part fresh;
        fresh.segment = merged;
        const auto dead = take_out(next->parts, chosen, moves, merged->size());
        if (!dead) {
            std::error_code ignored; // A rebuild was faster: nobody needs the result.
            std::filesystem::remove(segment_path(directory_, merged->number()), ignored);
            return;
        }
        fresh.dead = dead;
        if (dead->count() != 0)
            save_dead(fresh);
        next->parts.push_back(fresh);
        save(std::move(next));

        std::vector<Part> draft_parts;
        for (const auto& draft : drafts_)
            draft_parts.push_back(draft.part);
        const auto draft_dead = take_out(draft_parts, chosen, moves, merged->size());
        if (!draft_dead)
            return; // Cleared, not yet committed.
        std::erase_if(drafts_, [&](const Draft& draft) { return is_among(chosen, draft.part); });
        Draft draft{fresh, nullptr};
        if (draft_dead->count() != fresh.dead->count()) {
            draft.changed = draft_dead;
            draft.part.dead = draft_dead;
        }
        drafts_.push_back(std::move(draft));
    }

    static bool is_among(const std::vector<Part>& parts, const Part& wanted)
    {
        return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
            return part.segment == wanted.segment;
        });
    }

    /// Removes the sources of a merge from `parts` and returns what is dead of the result by now.
    /// Null when a source is missing.
    static std::shared_ptr<Dead> take_out(
        std::vector<Part>& parts, const std::vector<Part>& chosen, const Moves& moves,
        std::uint32_t size)
    {
        auto dead = std::make_shared<Dead>(size);
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& part) {
                return part.segment == chosen[i].segment;
            });
            if (found == parts.end())
                return nullptr;
            for (std::uint32_t document = 0; document < found->segment->size(); ++document) {
                if (moves[i][document] != Segment::none && found->dead->has(document))
                    dead->add(moves[i][document]);
            }
            parts.erase(found);
        }
        return dead;
    }

    std::filesystem::path directory_;
    DirectoryLock lock_;

    mutable std::mutex neighbours_guard_;
    mutable std::shared_ptr<const Neighbours> neighbours_;
    mutable std::size_t neighbours_count_ = 0;
    mutable std::int64_t neighbours_cursor_ = 0;

    mutable std::mutex state_guard_;
    std::shared_ptr<const State> state_ = std::make_shared<State>();

    std::mutex writer_; // Guards everything below.
    std::condition_variable wake_;
    std::condition_variable rest_;
    std::unique_ptr<Builder> builder_;
    std::vector<Draft> drafts_;
    std::vector<std::uint64_t> uncommitted_; // Segments written since the last commit.
    std::uint64_t next_number_ = 1;
    bool merging_ = false;
    std::atomic<bool> stop_ = false;
    std::thread merger_;
};

} // namespace

std::unique_ptr<Index> Index::open(const std::filesystem::path& directory)
{
    std::filesystem::create_directories(directory);
    return std::make_unique<DiskIndex>(directory);
}

} // namespace search
