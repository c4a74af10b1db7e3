"""Paths become files: in order, each once, and nothing that could hang or lead out."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.articles.discover import Skipped, discover
from rag.records import Problem


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")


def files(*paths: Path) -> list[Path]:
    """What is found where everything is a file."""
    found = [item for item in discover(paths) if isinstance(item, Path)]
    assert len(found) == len(list(discover(paths)))
    return found


def problem(paths: Sequence[Path]) -> Problem:
    """The only thing that is found."""
    (item,) = discover(paths)
    assert isinstance(item, Problem) and item.left_out and "\n" not in item.reason
    return item


def test_in_the_order_of_names_and_the_same_again(root: Path) -> None:
    names = ["c.txt", "B.TXT", "a.jsonl", "sub/z.txt", "sub/a.txt", "also/deep/1.txt", "10.txt"]
    write(root, *names)
    expected = "10.txt B.TXT a.jsonl c.txt also/deep/1.txt sub/a.txt sub/z.txt".split()
    assert [path.relative_to(root).as_posix() for path in files(root)] == expected
    assert files(root) == files(root)


def test_named_files_in_the_order_given(root: Path) -> None:
    write(root, "a.txt", "b.jsonl")
    assert files(root / "b.jsonl", root / "a.txt") == [root / "b.jsonl", root / "a.txt"]


def test_each_file_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "a.txt", "sub/b.txt", "c.odt")
    (root / "link.txt").symlink_to(root / "a.txt")
    monkeypatch.chdir(root)
    assert files(root / "a.txt", root / "a.txt") == [root / "a.txt"]
    assert files(root / "a.txt", Path("a.txt"), Path("sub/../a.txt")) == [root / "a.txt"]
    both = [root / "sub" / "b.txt", root, root, root / "sub"]
    assert list(discover(both)) == [both[0], root / "a.txt", Skipped(root / "c.odt")]


def test_a_folder_named_like_a_file(root: Path) -> None:
    write(root, "x.txt/a.txt", "y.jsonl/b.txt")
    assert files(root / "x.txt") == [root / "x.txt" / "a.txt"]
    assert files(root) == [root / "x.txt" / "a.txt", root / "y.jsonl" / "b.txt"]


def test_a_missing_path_loses_nothing_else(root: Path) -> None:
    write(root, "a.txt")
    found = list(discover([root / "no.txt", root / "a.txt"]))
    missing = Problem(str(root / "no.txt"), "there is no such file or folder")
    assert found == [missing, root / "a.txt"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.txt/b.txt", "Not a directory"),
        ("x" * 300 + ".txt", "too long"),
        ("nul\x00.txt", "it is not a path"),
        ("loop.txt", "Too many levels of symbolic links"),
        ("dangling.txt", "there is no such file or folder"),
    ],
)
def test_paths_that_cannot_be(root: Path, name: str, reason: str) -> None:
    write(root, "a.txt")
    (root / "loop.txt").symlink_to(root / "loop.txt")
    (root / "dangling.txt").symlink_to(root / "gone.txt")
    assert reason in problem([root / name]).reason
    assert "\x00" not in problem([root / name]).location


def test_a_path_without_permission(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "a.txt", "b.txt")
    real = os.stat

    def denied(path: os.PathLike[str] | str, **options: bool) -> os.stat_result:
        if Path(path).name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, **options)

    monkeypatch.setattr(os, "stat", denied)
    told = Problem(str(root / "a.txt"), "Permission denied")
    assert list(discover([root / "a.txt", root / "b.txt"])) == [told, root / "b.txt"]
    assert files(root) == [root / "a.txt", root / "b.txt"]  # told when it is read


def test_a_folder_without_permission(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "a.txt", "shut/b.txt")
    real = os.listdir

    def denied(path: Path) -> list[str]:
        if path.name == "shut":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "listdir", denied)
    told = Problem(str(root / "shut"), "Permission denied")
    assert list(discover([root])) == [root / "a.txt", told]
    assert list(discover([root / "shut"])) == [told]


@pytest.mark.parametrize(
    "names", [[], ["readme"], ["a.zip"], ["a.txt.meta.json"], [".hidden.txt"], [".git/a.txt"]]
)
def test_a_folder_without_articles(root: Path, names: list[str]) -> None:
    write(root, *names)
    *_, last = discover([root])
    assert isinstance(last, Problem)
    assert last.location == str(root) and last.reason.startswith("the folder holds no articles")


def test_other_kinds_and_hidden_files(root: Path) -> None:
    write(root, "a.txt", "b.odt", "noend", ".c.txt", ".git/d.txt")
    skipped = [Skipped(root / name) for name in (".c.txt", "b.odt", "noend")]
    assert list(discover([root])) == [skipped[0], root / "a.txt", *skipped[1:]]
    assert "this kind of file cannot be read; .txt, .md, " in problem([root / "b.odt"]).reason
    assert files(root / ".c.txt") == [root / ".c.txt"]  # named, so it is meant
    assert files(root / ".git") == [root / ".git" / "d.txt"]


def test_links_out_of_the_folder_are_skipped(root: Path) -> None:
    write(root, "a.txt", "sub/b.txt")
    write(root.parent, "secret.txt", "other/c.txt", "root-too/d.txt")
    (root / "file.txt").symlink_to(root.parent / "secret.txt")
    (root / "up").symlink_to(root.parent)
    (root / "other").symlink_to(root.parent / "other")
    (root / "sibling.txt").symlink_to(root.parent / "root-too" / "d.txt")
    found = list(discover([root]))
    assert [f for f in found if isinstance(f, Path)] == [root / "a.txt", root / "sub" / "b.txt"]
    skipped = {f.path.name for f in found if isinstance(f, Skipped)}
    assert skipped == {"file.txt", "up", "other", "sibling.txt"}


def test_links_inside_the_folder(root: Path) -> None:
    write(root, "a.txt", "sub/b.txt")
    (root / "z.txt").symlink_to("sub/b.txt")
    (root / "again").symlink_to("sub")
    assert files(root) == [root / "a.txt", root / "z.txt"]  # z.txt is sub/b.txt
    (root.parent / "link").symlink_to(root)
    assert [path.name for path in files(root.parent / "link")] == ["a.txt", "z.txt"]


def test_loops_of_links_end(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "a.txt", "sub/b.txt")
    (root / "here").symlink_to(root)
    (root / "sub" / "up").symlink_to("..")
    (root / "x.txt").symlink_to("y.txt")
    (root / "y.txt").symlink_to("x.txt")
    listed: list[Path] = []
    real = os.listdir

    def listing(path: Path) -> list[str]:
        listed.append(path)
        return real(path)

    monkeypatch.setattr(os, "listdir", listing)
    found = list(discover([root]))
    assert root / "a.txt" in found and root / "sub" / "b.txt" in found
    assert listed == [root, root / "sub"]


def test_pipes_sockets_and_devices_are_not_read(root: Path, monkeypatch) -> None:
    write(root, "a.txt")
    os.mkfifo(root / "pipe.txt")
    (root / "device.txt").symlink_to("/dev/zero")
    monkeypatch.chdir(root)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
        skipped = [Skipped(root / f"{name}.txt") for name in ("device", "pipe", "socket")]
        assert list(discover([root])) == [root / "a.txt", *skipped]
        for name in ("pipe.txt", "socket.txt", "device.txt"):
            assert problem([root / name]).reason == "it is not an ordinary file"


def test_folders_a_thousand_deep(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bottom = root.joinpath(*["d"] * 1200)
    monkeypatch.setattr(os, "listdir", lambda path: ["a.txt"] if path == bottom else ["d"])
    monkeypatch.setattr(os.path, "isdir", lambda path: path.name == "d")
    assert list(discover([root])) == [bottom / "a.txt"]


def test_names_that_a_terminal_cannot_take(root: Path) -> None:
    assert problem([root / "\x1b[31mred\n\udcff.txt"]).location.endswith(
        "\\x1b[31mred\\n\\udcff.txt"
    )


def test_what_is_read_is_told_by_the_ending(root: Path) -> None:
    names = ["a.HTML", "b.warc.gz", "c.csv", "d.eml", "e.rss", "f.ndjson"]
    write(root, *names, "g.gz", "h.html.bak")
    found = list(discover([root]))
    assert found[:-2] == [root / name for name in names]
    assert found[-2:] == [Skipped(root / "g.gz"), Skipped(root / "h.html.bak")]


def test_a_sidecar_is_no_article_and_not_skipped(root: Path) -> None:
    write(root, "a.html", "a.html.meta.json", "b.json")
    assert list(discover([root])) == [root / "a.html", root / "b.json"]
