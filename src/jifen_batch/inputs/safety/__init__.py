"""Files from strangers: what they claim is held to limits, what they are is looked at from outside."""
