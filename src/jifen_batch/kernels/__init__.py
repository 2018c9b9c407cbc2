"""Frames in, frame out: one operator a file, read downwards.

Events are resolved, validated, accrued month by month, put in order; not enrolled ones drop out, the
first of a period stands, the highest tier stands, caps hold, incidents forfeit, all of it is posted;
lines are totalled, households ranked, participation counted, and the laws are checked.
"""
