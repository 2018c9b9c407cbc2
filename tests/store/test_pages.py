"""What pages say is held to their bytes: a flipped one is refused wherever a checksum covers it."""

import struct

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import event_rows
from hostile import victims
from jifen_batch.errors import InputRefusedError
from jifen_batch.inputs.safety.page_headers import DamagedPagesError, longest_text
from jifen_batch.inputs.safety.thrift_compact import read_struct

CODECS = ("none", "snappy", "gzip", "zstd", "lz4", "brotli")


def rows(path):
    return event_rows.events(path)


def write(path, **settings):
    pq.write_table(victims.events(), path, **settings)
    return path.read_bytes()


def first_data_byte(path, column):
    """Where the values of a column's last page end: within them no header stands."""
    chunk = pq.read_metadata(path).row_group(0).column(column)
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    return start + chunk.total_compressed_size - 2


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_a_flipped_bit_of_a_page_with_a_checksum_is_refused(tmp_path, codec, version, dictionary):
    path = tmp_path / "a.parquet"
    settings = {"compression": codec, "data_page_version": version, "use_dictionary": dictionary}
    content = write(path, write_page_checksum=True, **settings)
    good = rows(path)
    for column in range(victims.events().num_columns):
        broken = bytearray(content)
        broken[first_data_byte(path, column)] ^= 1
        path.write_bytes(broken)
        with pytest.raises(InputRefusedError, match=r"a\.parquet: its pages are not what their check"):
            rows(path)
    path.write_bytes(content)
    assert rows(path).equals(good)


def test_without_checksums_flipped_bits_go_unnoticed_so_the_check_is_not_idle(tmp_path):
    path = tmp_path / "a.parquet"
    content = bytearray(write(path, compression="none", use_dictionary=False))
    good = rows(path)
    content[first_data_byte(path, 0)] ^= 1
    path.write_bytes(content)
    assert not rows(path).equals(good)


def test_a_column_that_is_not_read_may_be_broken(tmp_path):
    path = tmp_path / "a.parquet"
    table = victims.events().append_column("remark", pa.array(["x"] * victims.ROWS))
    pq.write_table(table, path, write_page_checksum=True)
    content = bytearray(path.read_bytes())
    content[first_data_byte(path, table.num_columns - 1)] ^= 1
    path.write_bytes(content)
    assert rows(path).height == victims.ROWS


@pytest.mark.parametrize("codec", CODECS)
def test_every_codec_is_weighed_as_the_footer_says(tmp_path, codec):
    path = tmp_path / "a.parquet"
    write(path, compression=codec)
    assert rows(path).height == victims.ROWS


def plain(texts):
    return b"".join(struct.pack("<I", len(text)) + text for text in texts)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [b""],
        [b"abc"] * 9,
        [b"a", b"bc", b""],
        [b"\0" * 7, b"x\0\0\0\0y"],
        [b"x" * 255, b"y" * 256, b"z" * 257],
        [b"\0\0\0", b"x" * 70_000, b"\1\0\0\0"],
        [bytes([number]) * number for number in range(200)],
    ],
    ids=lambda texts: f"{len(texts)} texts",
)
def test_the_longest_text_of_a_dictionary_is_found_whatever_its_bytes_are(texts):
    assert longest_text(plain(texts), len(texts)) == max(map(len, texts), default=0)


def test_lengths_that_lead_beyond_the_page_are_damage():
    for content, count in ((plain([b"abc"])[:-1], 1), (b"\xff" * 40, 3), (plain([b"ab"]), 2**31)):
        with pytest.raises(DamagedPagesError):
            longest_text(content, count)


def test_thrift_is_read_as_its_protocol_says_and_its_end_is_an_error():
    # i32, true, binary, a list of two i32, a struct; then 22 of i64, and after it a double and a byte.
    content = bytes([0x15, 5, 0x11, 0x18, 2, 97, 98, 0x19, 0x25, 2, 4, 0x1C, 0x15, 14, 0, 0x06, 44, 0xD8, 4])
    content += bytes([0x17, *range(8), 0x13, 9, 0])
    fields, end = read_struct(content)
    assert end == len(content)
    assert fields == {1: -3, 2: True, 3: None, 4: None, 5: {1: 7}, 22: 300, 23: None, 24: 9}
    for length in range(len(content)):
        with pytest.raises(IndexError):
            read_struct(content[:length])
    for nonsense in (b"\x1c" * 50, b"\x1b" * 5, b"\x15" + b"\xff" * 20):
        with pytest.raises(IndexError):
            read_struct(nonsense)
