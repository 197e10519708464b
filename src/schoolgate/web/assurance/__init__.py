"""The policy as pages: each sentence with its status, and how an edition comes into force."""
