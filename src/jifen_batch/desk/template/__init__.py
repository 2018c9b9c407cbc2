"""`template`: a workbook for a village clerk to fill in, and the mapping files that read it."""
