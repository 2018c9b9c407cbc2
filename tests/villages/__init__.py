"""Small nasty villages from a seed: registers, layered rule books and feeds at the edges of the contract.

`make(seed)` gives the same village every time; `write(village, folder)` puts its inputs on disk.
"""

from villages.files import Paths, write
from villages.village import Village, make

__all__ = ["Paths", "Village", "make", "write"]
