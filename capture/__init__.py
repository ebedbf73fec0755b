"""Sources, events, the recorder and the sealed queue. Raw data lives here, in memory, until it is sealed."""
