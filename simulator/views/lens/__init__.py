"""The lens: what one host holds, and what lies where, as rows whose pieces say what they are."""
