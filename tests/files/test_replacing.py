"""Files that are replaced whole, under limits and modes of the system itself."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from urbanlayer.files.replacing import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def _small_files() -> Iterator[None]:
    """The system refuses files of more than 1,000 bytes."""
    resource = pytest.importorskip("resource")  # not on Windows
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("_small_files")
def test_what_was_there_stays_where_the_new_does_not_fit(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    write_whole(file, [b"old"])
    with pytest.raises(OSError, match="too large"):
        write_whole(file, [b"n" * 600, b"n" * 600])
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["city.toml"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes of this kind")
def test_a_new_file_has_the_mode_of_the_umask_and_a_replaced_one_its_own(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "new", [b""])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    (tmp_path / "new").chmod(0o604)
    write_whole(tmp_path / "new", [b"again"])
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o604


@pytest.mark.skipif(os.name == "nt", reason="links of Windows need a right of their own")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", [b"a", b"b"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"ab"


@pytest.mark.skipif(not os.path.lexists("/dev/full"), reason="a device of Linux")
def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "full", [b"x"])
    assert (tmp_path / "full").is_char_device()
