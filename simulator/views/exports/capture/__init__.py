"""A run as a packet capture that Wireshark opens: pcapng, with TCP, UDP, DNS and TLS."""
