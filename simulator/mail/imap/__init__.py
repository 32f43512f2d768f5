"""IMAP as Dovecot speaks it: a session, its commands and answers, and a client's dialogue."""
