"""POP3: the server's session over a maildrop, and a client's dialogue."""
