"""The developer's tool that builds the lists of interface phrases and words (`tools/build_lexicon.py` starts it)."""
