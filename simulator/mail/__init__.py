"""What the actors must know of mail: messages, SMTP, POP3, queues, routing."""
