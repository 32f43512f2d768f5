"""SMTP and LMTP: aiosmtpd's server on a memory transport, and a client's dialogue."""
