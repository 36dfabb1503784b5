from weft.store.recall import KEPT, LONGEST_QUERY, MOST_ROWS, Query, Recall

QUERY = Query("SELECT 1", "{}")


def test_an_answer_is_good_until_its_project_is_written_to() -> None:
    recall = Recall()
    recall.keep(QUERY, recall.state("here"), [(1,)])
    recall.touch(["elsewhere"])
    recall.settle()
    assert recall.answer(QUERY, recall.state("here")) == [(1,)]
    recall.touch(["here"])
    recall.settle()
    assert recall.answer(QUERY, recall.state("here")) is None


def test_a_write_to_all_projects_is_one_to_each() -> None:
    recall = Recall()
    recall.keep(QUERY, recall.state("here"), [(1,)])
    recall.touch([None])
    recall.settle()
    assert recall.answer(QUERY, recall.state("here")) is None


def test_what_a_query_found_that_began_before_a_write_is_never_told() -> None:
    recall = Recall()
    before = recall.state("here")
    recall.touch(["here"])
    recall.settle()
    recall.keep(QUERY, before, [(1,)])
    assert recall.answer(QUERY, recall.state("here")) is None


def test_what_was_kept_first_goes_first() -> None:
    recall = Recall()
    queries = [Query("SELECT 1", str(n)) for n in range(KEPT + 1)]
    for query in queries:
        recall.keep(query, 0, [])
    assert recall.answer(queries[0], 0) is None
    assert all(recall.answer(query, 0) == [] for query in queries[1:])


def test_many_rows_and_long_queries_are_not_kept() -> None:
    recall = Recall()
    recall.keep(QUERY, 0, [(1,)] * (MOST_ROWS + 1))
    assert recall.answer(QUERY, 0) is None
    long = Query("SELECT 1", "x" * LONGEST_QUERY)
    recall.keep(long, 0, [])
    assert recall.answer(long, 0) is None
