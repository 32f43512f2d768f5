"""Who a mail is really from, as far as the DNS can tell: SPF, DKIM, DMARC and what is written."""
