"""Policy editions, statements, bindings, and the evidence beside each sentence."""
