"""File trees: from typed parts to files and back, and what a write makes of one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weft.agents.parts import Parts, Skill, Subagent, ToolsConfig, ToolSpec
from weft.agents.tree import MAX_PATH, TreeChanges, changed, check_path, files_of, parts_of
from weft.errors import FieldFileConflict, InvalidFile, InvalidFilePath
from weft.model.agent import AgentFile

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = st.from_regex(r"[A-Za-z0-9_-]([A-Za-z0-9 _-]{0,8}[A-Za-z0-9_-])?", fullmatch=True)
PATHS = st.lists(st.from_regex(r"[a-z]{1,4}\.md", fullmatch=True), min_size=1, max_size=3).map("/".join)
TOOLS = st.builds(
    ToolsConfig,
    st.lists(
        st.builds(
            ToolSpec,
            name=TEXTS.filter(str.strip),
            mcp_server_url=st.just("https://mcp.test/mcp"),
            mcp_server_name=TEXTS,
            display_name=TEXTS,
        )
    ),
    st.dictionaries(TEXTS, st.booleans()),
)
SUBAGENTS = st.builds(
    Subagent,
    name=NAMES,
    description=st.none() | TEXTS,
    model_id=st.none() | TEXTS,
    instructions=TEXTS,
    tools=st.none() | TOOLS,
)
SKILLS = st.builds(
    Skill, name=NAMES, description=TEXTS, instructions=TEXTS, files=st.dictionaries(PATHS, TEXTS, max_size=3)
)
PARTS = st.builds(
    Parts,
    system_prompt=st.none() | TEXTS,
    tools=st.none() | TOOLS,
    subagents=st.lists(SUBAGENTS, max_size=3, unique_by=lambda part: part.name),
    skills=st.lists(SKILLS, max_size=3, unique_by=lambda part: part.name),
)

many = settings(deadline=None)


def files(paths: str) -> dict[str, AgentFile]:
    return {path: AgentFile(content=path) for path in paths.split()}


def in_order(parts: Parts) -> Parts:
    def by_name(part: Subagent | Skill) -> str:
        return part.name

    return Parts(
        parts.system_prompt, parts.tools, sorted(parts.subagents, key=by_name), sorted(parts.skills, key=by_name)
    )


def shortened(text: str) -> str:
    return text[:12]


@many
@given(parts=PARTS)
def test_parts_come_back_from_files_as_they_were(parts: Parts) -> None:
    assert in_order(parts_of(files_of(parts))) == in_order(parts)


@many
@given(parts=PARTS)
def test_files_made_of_parts_are_made_again_of_what_is_parsed(parts: Parts) -> None:
    assert files_of(parts_of(files_of(parts))) == files_of(parts)


def test_where_things_stand() -> None:
    parts = Parts(
        system_prompt="Be brief.",
        tools=ToolsConfig(),
        subagents=[Subagent(name="auditor", tools=ToolsConfig()), Subagent(name="writer")],
        skills=[Skill(name="month end", files={"ref/table.md": "…"})],
    )
    assert sorted(files_of(parts)) == [
        "AGENTS.md",
        "skills/month end/SKILL.md",
        "skills/month end/ref/table.md",
        "subagents/auditor/AGENTS.md",
        "subagents/auditor/tools.json",
        "subagents/writer/AGENTS.md",
        "tools.json",
    ]


def test_a_subagent_may_be_a_plain_text() -> None:
    (subagent,) = parts_of({"subagents/a/AGENTS.md": AgentFile(content="Audit.")}).subagents
    assert subagent == Subagent(name="a", instructions="Audit.")


def test_links_and_loose_files_are_no_parts() -> None:
    loose = files("skills/README.md subagents/a/notes.md notes/AGENTS.md skills/a/b/SKILL.md")
    link = {"skills/linked": AgentFile("skill", repo_handle="shared")}
    assert parts_of({**loose, **link}) == Parts()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"tools": 1}',
        '{"tools": [{"name": "a"}]}',
        "[" * 5000,
        '{"tools":[{"name":"a","mcp_server_url":""}]}',
    ],
)
@pytest.mark.parametrize("path", ["tools.json", "subagents/a/tools.json"])
def test_tools_of_another_form_are_refused(path: str, text: str) -> None:
    with pytest.raises(InvalidFile, match=path):
        changed(files("subagents/a/AGENTS.md"), TreeChanges(files={path: AgentFile(content=text)}))


class TestChanged:
    def test_files_are_added_and_replaced_and_others_stay(self) -> None:
        result = changed(files("a b"), TreeChanges(files={"b": AgentFile(content="new"), "c": AgentFile()}))
        assert {path: entry.content for path, entry in result.items()} == {"a": "a", "b": "new", "c": ""}

    def test_paths_are_deleted_and_those_that_are_not_there_passed_over(self) -> None:
        assert list(changed(files("a b"), TreeChanges(deleted_paths=("a", "x")))) == ["b"]

    def test_subagents_are_replaced_whole_but_keep_other_files(self) -> None:
        before = files("subagents/a/AGENTS.md subagents/a/skills/s/SKILL.md subagents/b/AGENTS.md subagents/b/notes.md")
        after = changed(before, TreeChanges(subagents=[Subagent(name="a", instructions="new")]))
        assert sorted(after) == ["subagents/a/AGENTS.md", "subagents/a/skills/s/SKILL.md"]
        assert parts_of(after).subagents == [Subagent(name="a", instructions="new")]

    def test_skills_are_replaced_whole(self) -> None:
        after = changed(files("skills/a/SKILL.md skills/a/x AGENTS.md"), TreeChanges(skills=[Skill(name="b")]))
        assert sorted(after) == ["AGENTS.md", "skills/b/SKILL.md"]

    @pytest.mark.parametrize(
        ("changes", "gone"),
        [
            (TreeChanges(system_prompt=None), "AGENTS.md"),
            (TreeChanges(tools=None), "tools.json"),
            (TreeChanges(subagents=None), "subagents/a/x"),
            (TreeChanges(skills=None), "skills/a/x"),
        ],
        ids=["system_prompt", "tools", "subagents", "skills"],
    )
    def test_null_is_none(self, changes: TreeChanges, gone: str) -> None:
        before = {**files("AGENTS.md subagents/a/x skills/a/x kept"), "tools.json": AgentFile(content="{}")}
        assert set(before) - set(changed(before, changes)) == {gone}

    @pytest.mark.parametrize(
        "changes",
        [
            TreeChanges(system_prompt="a", files=files("AGENTS.md")),
            TreeChanges(tools=ToolsConfig(), files=files("tools.json")),
            TreeChanges(subagents=[Subagent(name="a")], files=files("subagents/a/AGENTS.md")),
            TreeChanges(skills=[Skill(name="a", files={"x": ""})], files=files("skills/a/x")),
            TreeChanges(skills=[Skill(name="a", files={"SKILL.md": ""})]),
            TreeChanges(system_prompt="a", deleted_paths=("AGENTS.md",)),
            TreeChanges(files=files("x"), deleted_paths=("x",)),
        ],
        ids=["prompt", "tools", "subagent", "skill", "skill by itself", "deleted field", "deleted file"],
    )
    def test_a_file_is_given_once(self, changes: TreeChanges) -> None:
        with pytest.raises(FieldFileConflict):
            changed({}, changes)

    def test_a_field_and_other_files_of_its_folder_go_together(self) -> None:
        after = changed({}, TreeChanges(skills=[Skill(name="a")], files=files("skills/a/x skills/b/SKILL.md")))
        assert [skill.name for skill in parts_of(after).skills] == ["a", "b"]


class TestPaths:
    @pytest.mark.parametrize("path", ["AGENTS.md", "a/b/c", ".hidden", "a b/…", "a" * MAX_PATH], ids=shortened)
    def test_relative_ones(self, path: str) -> None:
        check_path(path)

    @pytest.mark.parametrize(
        "path",
        ["", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "../a", "a/./b", "a\\b", "a\0", "a\nb", "a/ /b", "a" * 1025],
        ids=shortened,
    )
    def test_others(self, path: str) -> None:
        with pytest.raises(InvalidFilePath):
            changed({}, TreeChanges(files={path: AgentFile()}))
        with pytest.raises(InvalidFilePath):
            changed({}, TreeChanges(deleted_paths=(path,)))
