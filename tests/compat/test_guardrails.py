"""Guardrail results through the SDK's REST client: sent, shown on their trace, filtered by."""

from opik import Opik
from opik.rest_api.types.guardrail_write import GuardrailWrite


def test_guardrails_show_on_their_trace(client: Opik, project: str) -> None:
    trace = client.trace(name="checked")
    span = trace.span(name="guardrail", type="guardrail")
    client.trace(name="unchecked")
    assert client.flush()
    client.rest_client.guardrails.create_guardrails(
        guardrails=[
            GuardrailWrite(
                entity_id=trace.id,
                secondary_id=span.id,
                project_name=project,
                name=name,
                result=result,
                config={"topics": ["finance"], "threshold": 0.5},
                details={"scores": {"finance": 0.9}},
            )
            for name, result in (("PII", "passed"), ("TOPIC", "failed"))
        ]
    )
    (validation,) = client.get_trace_content(trace.id).guardrails_validations or []
    assert validation.span_id == span.id
    assert [(check.name, check.result) for check in validation.checks or []] == [("PII", "passed"), ("TOPIC", "failed")]

    found = client.search_traces(project_name=project, filter_string='guardrails = "failed"')
    assert [trace.name for trace in found] == ["checked"]
