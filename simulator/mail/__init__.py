"""What the actors must know of mail: messages, queues, routing, bounces, mailboxes."""
