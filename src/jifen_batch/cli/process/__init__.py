"""The process that reports and the one that works: started, watched, and ended."""
