"""Which parts of a window are private as a whole: chats, reviews, prompts."""
