"""One patch for many traces, spans or threads (Opik's contract, B.5, B.27).

By Opik's contract the reply is 204, unknown ids are skipped, and one item over the limit of tags refuses them all. With
`Prefer: return=representation` each item stands alone and the reply says what became of it.
"""

from collections.abc import Awaitable, Callable, Sequence

from weft.api.batch_results import BatchResults, batch_results
from weft.api.http.call import Call
from weft.api.http.preferences import Preferred, prefers_representation
from weft.model.merge import Patch
from weft.model.outcome import Outcome

PatchMany = Callable[[str, Sequence[str], Patch, bool], Awaitable[list[Outcome]]]


async def patch_many(call: Call, store_patch: PatchMany, ids: Sequence[str], patch: Patch) -> Preferred[BatchResults]:
    each_alone = prefers_representation(call.request)
    outcomes = await store_patch(call.caller.workspace_id, ids, patch, each_alone)
    return Preferred(batch_results(outcomes) if each_alone else None)
