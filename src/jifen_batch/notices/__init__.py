"""What people read: pure functions, frames and figures in, tables and text out (in Chinese).

Households are shown by their ids, never by a name. What comes from data is made printable first.
"""
