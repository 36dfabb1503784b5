"""Words of conventions and vendors, and ours for them."""

# How counters of usage are called here, where an attribute calls them otherwise.
USAGE_NAMES = {
    "input_tokens": "prompt_tokens",
    "inputTokens": "prompt_tokens",
    "promptTokens": "prompt_tokens",
    "prompt": "prompt_tokens",
    "input": "prompt_tokens",
    "output_tokens": "completion_tokens",
    "outputTokens": "completion_tokens",
    "completionTokens": "completion_tokens",
    "completion": "completion_tokens",
    "output": "completion_tokens",
    "totalTokens": "total_tokens",
    "total": "total_tokens",
    "cache_read.input_tokens": "cache_read_input_tokens",
    "cache_creation.input_tokens": "cache_creation_input_tokens",
    "prompt_details.cache_read": "cache_read_input_tokens",
    "prompt_details.cache_write": "cache_creation_input_tokens",
    "cachedInputTokens": "cache_read_input_tokens",
    "reasoning.output_tokens": "reasoning_tokens",
    "completion_details.reasoning": "reasoning_tokens",
    "reasoningTokens": "reasoning_tokens",
    "prompt_details.audio": "input_audio_tokens",
    "completion_details.audio": "output_audio_tokens",
}

# Cached tokens that are among the input tokens for every provider. Other names follow the provider's own way.
AMONG_INPUT = frozenset(
    {
        "cache_read.input_tokens",
        "cache_creation.input_tokens",
        "prompt_details.cache_read",
        "prompt_details.cache_write",
    }
)

# Opik's names of providers, where conventions and vendors have others.
PROVIDERS = {
    "vertex_ai": "google_vertexai",
    "gcp.vertex_ai": "google_vertexai",
    "google.vertex.chat": "google_vertexai",
    "gcp.gemini": "google_ai",
    "google_ai_gemini": "google_ai",
    "google.generative-ai": "google_ai",
    "aws.bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "amazon_bedrock": "bedrock",
    "amazon-bedrock": "bedrock",
    "az.ai.openai": "azure",
    "azure.ai.openai": "azure",
    "azure-openai.chat": "azure",
    "azure-openai.responses": "azure",
    "open_ai": "openai",
    "openai.chat": "openai",
    "openai.completion": "openai",
    "openai.embedding": "openai",
    "openai.responses": "openai",
    "anthropic.messages": "anthropic",
    "mistral_ai": "mistral",
    "mistral.chat": "mistral",
    "groq.chat": "groq",
    "deepseek.chat": "deepseek",
    "x_ai": "xai",
    "xai.chat": "xai",
}

# What conventions and vendors call a kind of span, in lower case. Any other word says nothing about its type.
SPAN_TYPES = {
    "llm": "llm",
    "chat": "llm",
    "completion": "llm",
    "text_completion": "llm",
    "generate_content": "llm",
    "generation": "llm",
    "embedding": "llm",
    "embeddings": "llm",
    "tool": "tool",
    "execute_tool": "tool",
    "guardrail": "guardrail",
    "agent": "general",
    "invoke_agent": "general",
    "create_agent": "general",
    "workflow": "general",
    "invoke_workflow": "general",
    "task": "general",
    "chain": "general",
    "retriever": "general",
    "reranker": "general",
    "evaluator": "general",
    "prompt": "general",
}
