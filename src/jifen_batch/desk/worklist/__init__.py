"""`worklist`: what of a run waits for somebody in the village, a workbook each."""
