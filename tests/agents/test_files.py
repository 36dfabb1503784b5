"""What an agent finds among its files."""

from examples.local_model import LocalModel
from tests.agents.agents import a_job, a_thread, an_agent, events, last_values, text_of, texts
from weft.agents import front_matter
from weft.agents.parts import Parts, Skill, Subagent
from weft.agents.runtime.files import readable
from weft.agents.runtime.runtime import Runtime
from weft.agents.tree import files_of
from weft.model.agent import AgentFile

CLOSING = Skill(
    name="Month End", description="Close a month", instructions="Close it.", files={"ref/table.md": "numbers"}
)
SKILLED = Parts(system_prompt="Be brief.", skills=[CLOSING])


async def said(runtime: Runtime, text: str, **thread: bool) -> str:
    values = await last_values(runtime, a_job(a_thread(**thread), an_agent(SKILLED), text))
    return texts(values["messages"])[-1][1]


async def test_the_tree_can_be_read(runtime: Runtime) -> None:
    assert "Be brief." in await said(runtime, "read /AGENTS.md")
    assert "numbers" in await said(runtime, "read /skills/month-end/ref/table.md")
    listed = await said(runtime, 'call ls {"path": "/"}')
    assert "/AGENTS.md" in listed
    assert "/AGENTS.md/" not in listed
    assert "/memories/" in listed


async def test_the_tree_cannot_be_written(runtime: Runtime) -> None:
    for path in ("/AGENTS.md", "/skills/month-end/SKILL.md", "/skills/new/SKILL.md"):
        assert "permission denied" in await said(runtime, f"write {path} mine")
    assert "Be brief." in await said(runtime, "read /AGENTS.md")


async def test_other_files_belong_to_the_thread(runtime: Runtime) -> None:
    thread, agent = a_thread(), an_agent()
    await events(runtime, a_job(thread, agent, "write /plan.md steps"))
    values = await last_values(runtime, a_job(thread, agent, "read /plan.md"))
    assert "steps" in texts(values["messages"])[-1][1]
    values = await last_values(runtime, a_job(a_thread(), agent, "read /plan.md"))
    assert "not found" in texts(values["messages"])[-1][1]


async def test_files_can_come_with_the_input(runtime: Runtime) -> None:
    given = {"/notes.md": {"content": "from outside", "encoding": "utf-8"}}
    input = {"messages": [{"role": "user", "content": "read /notes.md"}], "files": given}
    values = await last_values(runtime, a_job(a_thread(), an_agent(), input=input))
    assert "from outside" in texts(values["messages"])[-1][1]
    assert values["files"]["/notes.md"]["content"] == "from outside"


async def test_skills_are_told_to_the_model(runtime: Runtime, model: LocalModel) -> None:
    await said(runtime, "hello")
    prompt = text_of(model.requests[0]["messages"][0]["content"])
    assert "month-end" in prompt
    assert "Close a month" in prompt


async def test_a_subagent_has_its_own_skills(runtime: Runtime, model: LocalModel) -> None:
    text = front_matter.render({"name": "audit", "description": "Look twice"}, "Look.")
    parts = Parts(subagents=[Subagent(name="clerk", description="Writes", instructions="You are a clerk.")])
    agent = an_agent(parts, {"subagents/clerk/skills/audit/SKILL.md": text})
    await events(runtime, a_job(a_thread(), agent, "delegate hello to clerk"))
    outer, inner, _ = (text_of(request["messages"][0]["content"]) for request in model.requests)
    assert "Look twice" not in outer
    assert inner.startswith("You are a clerk.")
    assert "Look twice" in inner


def test_skills_are_served_under_names_that_skills_may_have() -> None:
    names = ("Month End", "month_end", "übung", "x" * 80)
    skills = [Skill(name=name, instructions="Do it.") for name in names]
    texts = readable(files_of(Parts(skills=skills)))
    heads = {path: front_matter.parse(text)[0] for path, text in texts.items()}
    assert heads == {
        "/skills/month-end/SKILL.md": {"name": "month-end", "description": "Month End"},
        "/skills/month-end-2/SKILL.md": {"name": "month-end-2", "description": "month_end"},
        "/skills/bung/SKILL.md": {"name": "bung", "description": "übung"},
        f"/skills/{'x' * 64}/SKILL.md": {"name": "x" * 64, "description": "x" * 80},
    }


def test_a_skill_that_is_well_named_is_served_as_it_is() -> None:
    text = "---\nname: audit\ndescription: Look\nlicense: MIT\nallowed-tools: [ls]\n---\nLook."
    assert readable({"skills/audit/SKILL.md": AgentFile(content=text)}) == {"/skills/audit/SKILL.md": text}
