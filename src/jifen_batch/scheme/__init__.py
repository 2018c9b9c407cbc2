"""Every word of the scheme, a row each: its name, its Chinese, what it means, and its facts (specification).

Kernels, checks, reports, notices, schemas and pages read these rows; nothing else says what a word means or
which words are alike. A kind of word is a module. Nothing heavy is imported here, so that help is quick.
"""
