"""How a run is configured."""

from tests.agents.agents import a_job, a_thread, an_agent
from weft.agents.runtime.run_config import RECURSION_LIMIT, config_of


def test_the_run_says_more_than_the_agent_and_neither_says_where_it_runs() -> None:
    agent = an_agent(configurable={"colour": "green", "size": 1, "thread_id": "agent's"})
    asked = {"colour": "red", "thread_id": "other", "checkpoint_ns": "inner", "__pregel_store": "mine"}
    thread = a_thread()
    config = config_of(a_job(thread, agent, "hello", config={"configurable": asked}, timezone="Asia/Tokyo"))
    assert config["configurable"] == {
        "colour": "red",
        "size": 1,
        "user_timezone": "Asia/Tokyo",
        "thread_id": thread.id,
        "assistant_id": agent.agent.id,
        "graph_id": "deep_agent",
    }


def test_metadata_is_that_of_thread_and_run_with_the_ids_of_this_run() -> None:
    thread = a_thread(is_test_run=True, source="thread")
    job = a_job(thread, an_agent(), "hello", config={"metadata": {"source": "run", "run_id": "another"}})
    metadata = config_of(job)["metadata"]
    assert {
        "is_test_run": True,
        "source": "run",
        "run_id": job.run_id,
        "thread_id": thread.id,
    }.items() <= metadata.items()


def test_what_fits_no_configuration_is_left_out() -> None:
    odd = {"configurable": 7, "metadata": "x", "tags": [1], "recursion_limit": "many", "callbacks": ["mine"]}
    config = config_of(a_job(a_thread(), an_agent(), "hello", config=odd))
    assert (config["tags"], config["recursion_limit"], config["callbacks"]) == (["1"], RECURSION_LIMIT, [])
