from weft.registry.cache import RecentlyUsed


def test_the_entry_used_longest_ago_goes_first() -> None:
    cache: RecentlyUsed[str, int] = RecentlyUsed(2)
    cache.put("a", 1, cache.epoch)
    cache.put("b", 2, cache.epoch)
    cache.get("a")
    cache.put("c", 3, cache.epoch)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)


def test_what_was_read_before_a_clear_is_not_kept_after_it() -> None:
    cache: RecentlyUsed[str, int] = RecentlyUsed(2)
    epoch = cache.epoch
    cache.clear()
    cache.put("a", 1, epoch)
    assert cache.get("a") is None
