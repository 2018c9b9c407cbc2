"""The command line: words and exit codes; a command a file.

These modules import only click and the standard library when they load, so that help and a mistyped
option are answered at once; a command imports what it works with when it runs.
"""
