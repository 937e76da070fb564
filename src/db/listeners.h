#pragma once

// Those who want to hear of commits. Thread-safe.

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace db {

class Listeners {
public:
    void add(std::function<void()> listener)
    {
        const std::lock_guard lock(mutex_);
        auto longer = std::make_shared<List>(*list_);
        longer->push_back(std::move(listener));
        list_ = std::move(longer);
    }

    void call() const
    {
        std::shared_ptr<const List> list;
        {
            const std::lock_guard lock(mutex_);
            list = list_;
        }
        for (const auto& listener : *list)
            listener();
    }

private:
    using List = std::vector<std::function<void()>>;

    mutable std::mutex mutex_;
    std::shared_ptr<const List> list_ = std::make_shared<List>();
};

} // namespace db
