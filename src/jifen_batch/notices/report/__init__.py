"""The page of a run: sections, tables and charts, in both languages, for screens, telephones and paper."""
