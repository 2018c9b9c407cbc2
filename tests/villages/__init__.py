"""Small nasty villages from a seed: registers, layered books and feeds at the specification's edges.

`make(seed)` gives the same village every time; `write(village, folder)` puts its inputs on disk.
"""

from villages.files import Paths, write
from villages.village import Village, make

__all__ = ["Paths", "Village", "make", "write"]
