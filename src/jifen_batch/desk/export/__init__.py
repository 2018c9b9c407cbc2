"""`export`: a published table as a file that Excel and WPS open, CSV or XLSX."""
