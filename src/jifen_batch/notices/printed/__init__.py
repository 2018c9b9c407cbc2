"""A village's notice for printing: masked names, pages of an allow-list of columns, and their workbook."""
