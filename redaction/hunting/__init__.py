"""One finding everywhere: what was found once is looked for in every spelling, in all of a session."""
