"""Large files in base64 inside payloads: attachments as stored, in their places as read."""

from base64 import b64encode
from pathlib import Path

import pytest

from tests.api.attachment_calls import Files
from tests.api.records import FIFTY_TAGS, Body, Records, named
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

PNG = b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 800).decode()
PDF = b64encode(b"%PDF-1.7" + bytes(range(256)) * 800).decode()
QUESTION = {"parts": [{"url": f"data:image/png;base64,{PNG}"}, {"text": "what is it?"}]}


def files_of(records: Records, id: str) -> Files:
    return Files(records.client, records.project, records.noun, id)


async def bare(records: Records, id: str) -> Body:
    """With references."""
    reply = await records.client.get(f"{records.path}/{id}", params={"strip_attachments": True})
    body: Body = reply.json()
    return body


async def test_create_and_get(records: Records) -> None:
    id = await records.create(input=QUESTION, output=PDF)
    [input_file, output_file] = await files_of(records, id).names()
    assert input_file.startswith("input-attachment-1-")
    assert input_file.endswith(".png")
    assert output_file.startswith("output-attachment-1-")
    stripped = await bare(records, id)
    assert stripped["input"]["parts"][0] == {"url": f"data:image/png;base64,[{input_file}]"}
    assert stripped["output"] == f"[{output_file}]"
    whole = await records.get(id)
    assert (whole["input"], whole["output"]) == (QUESTION, PDF)


async def test_batch_list_and_search(records: Records) -> None:
    await records.post_batch(*named(records, {"metadata": {"file": PNG}}, {"input": "small"}))
    for found in (await records.find(), await records.stream()):
        assert [record.get("metadata") for record in found] == [None, {"file": PNG}]
    for found in (await records.find(strip_attachments=True), await records.stream(strip_attachments=True)):
        assert found[1]["metadata"]["file"].startswith("[metadata-attachment-1-")


async def test_truncated_replies_show_references(records: Records) -> None:
    await records.create(input=QUESTION)
    for [found] in (await records.find(truncate=True), await records.stream(truncate=True)):
        assert found["input"]["parts"][0]["url"].startswith("data:image/png;base64,[input-attachment-1-")


async def test_patch_replaces_the_file_of_a_create(records: Records, attachments_dir: Path) -> None:
    id = await records.create(input=QUESTION)
    files = files_of(records, id)
    await files.put("upload.png", b"stays")
    [old, _] = await files.names()
    place = (await files.get(old)).headers["ETag"].strip('"')
    assert (await records.patch(id, input=PDF)).status_code == 204
    names = await files.names()
    assert [name.rpartition(".")[2] for name in names] == ["pdf", "png"]
    assert not (attachments_dir / place[:2] / place).exists()
    assert (await records.get(id))["input"] == PDF


async def test_patch_without_a_project_follows_its_record(records: Records) -> None:
    id = await records.create()
    body = {**records.always, "output": PNG}
    assert (await records.client.patch(f"{records.path}/{id}", json=body)).status_code == 204
    assert len(await files_of(records, id).names()) == 1
    assert (await records.get(id))["output"] == PNG


async def test_patch_before_its_create(records: Records) -> None:
    id = new_id()
    await records.patch(id, output=PNG)
    await records.create(id=id, input=PDF, output="lost")
    record = await records.get(id)
    assert (record["input"], record["output"]) == (PDF, PNG)
    assert len(await files_of(records, id).names()) == 2


async def test_batch_patch_gives_each_record_a_file_of_its_own(records: Records) -> None:
    ids = [await records.create(input=QUESTION), await records.create(), new_id()]
    assert (await records.patch_batch(ids, {"input": PDF})).status_code == 204
    [first], [second], none = [await files_of(records, id).names() for id in ids]
    assert first == second
    assert none == []
    await files_of(records, ids[0]).delete(first)
    assert [(await records.get(id))["input"] for id in ids[:2]] == [f"[{first}]", PDF]
    assert (await bare(records, ids[1]))["input"] == f"[{second}]"


async def test_batch_patch_finds_its_records_in_every_project(records: Records) -> None:
    [body] = named(records, {})
    elsewhere = records.elsewhere()
    await records.post_batch(body, body | {"project_name": elsewhere.project})
    await records.patch_batch([body["id"]], {"output": PNG})
    assert [(await place.find())[0]["output"] for place in (records, elsewhere)] == [PNG, PNG]


async def test_refused_batch_patch_leaves_no_file(records: Records) -> None:
    full, few = await records.create(tags=FIFTY_TAGS), await records.create()
    update = {"output": PNG, "tags_to_add": ["one more"]}
    assert (await records.patch_batch([full, few], update)).status_code == 422
    assert [await files_of(records, id).names() for id in (full, few)] == [[], []]


async def test_batch_patch_leaves_no_file_where_it_was_refused_alone(records: Records) -> None:
    full, few = await records.create(tags=FIFTY_TAGS), await records.create()
    update = {**records.always, "output": PNG, "tags_to_add": ["one more"]}
    headers = {"Prefer": "return=representation"}
    body = {"ids": [full, few], "update": update}
    assert (await records.client.patch(f"{records.path}/batch", json=body, headers=headers)).status_code == 200
    assert [len(await files_of(records, id).names()) for id in (full, few)] == [0, 1]
    assert (await records.get(few))["output"] == PNG


async def test_refused_create_leaves_no_file(traces: Records) -> None:
    id = await traces.create(end_time="2026-01-02T03:04:06Z")
    assert (await traces.post(id=id, input=PNG)).status_code == 409
    assert await files_of(traces, id).names() == []


async def test_reference_to_nothing_stays(records: Records) -> None:
    id = await records.create(input="[input-attachment-1-1700000000000.png]")
    assert (await records.get(id))["input"] == "[input-attachment-1-1700000000000.png]"


async def test_deleted_attachment_leaves_its_reference(records: Records) -> None:
    id = await records.create(input=PNG)
    files = files_of(records, id)
    [name] = await files.names()
    await files.delete(name)
    assert (await records.get(id))["input"] == f"[{name}]"
