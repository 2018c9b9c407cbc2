"""The hunt for silent wrongs: how nights go wrong in practice, a table of ways, and what should happen."""

from hunt import feeds, registers, rule_files, servers

BY_KIND = (feeds, registers, rule_files, servers)
