"""What is printed is printed whole, however narrow it is where it goes."""

from __future__ import annotations

from jifen_batch.cli import output
from jifen_batch.notices.grid import Lines
from jifen_batch.sentence import Sentence


def test_what_does_not_fold_is_not_cut_off(monkeypatch, capsys):
    monkeypatch.setattr(output, "PIPE_COLUMNS", 20)
    line = "folder  /out/runs/0123456789abcdef/rejects"
    output.tables(Lines(Sentence(line, line), folded=False))
    assert capsys.readouterr().out == f"{line}\n"
