"""Media files are copied from wherever the wiki is, and JPEG files keep their titles."""

import shutil
from pathlib import Path

import pytest
from exported import PIXEL, TITLED, article, exported, files, manifest, write_wiki

from dokuwiki_data.exports.exporting import export

PAGES = {"start": "{{x.png}} {{a:photo.jpg}} {{a:photo.jpg|mine}}"}
MEDIA = ["x.png", "a:photo.jpg", "a:b:paper.pdf"]


def _seven_zip(folder, place):
    library = pytest.importorskip("py7zr")
    with library.SevenZipFile(f"{place}.7z", "w") as output:
        output.writeall(folder / "data", "data")
    return f"{place}.7z"


def _cut_zip(folder, place):
    whole = Path(shutil.make_archive(str(place), "zip", folder))
    content = whole.read_bytes()
    whole.write_bytes(content[: content.rindex(b"PK\1\2") + 1])
    return whole


SOURCES = {
    "folder": lambda folder, place: folder,
    "zip": lambda folder, place: shutil.make_archive(str(place), "zip", folder),
    "zip without its end": _cut_zip,
    "tar": lambda folder, place: shutil.make_archive(str(place), "tar", folder),
    "tar.xz": lambda folder, place: shutil.make_archive(str(place), "xztar", folder),
    "7z": _seven_zip,
}


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("jobs", [1, 2])
def test_media_are_copied_from(kind, jobs, tmp_path):
    folder = write_wiki(tmp_path / "wiki", PAGES, MEDIA)
    said = []
    exported(SOURCES[kind](folder, tmp_path / "packed"), tmp_path / "site", report=said.append, jobs=jobs)
    found = {path: content for path, content in files(tmp_path / "site").items() if path.startswith("_media/")}
    assert found == {"_media/x.png": PIXEL, "_media/a/photo.jpg": TITLED, "_media/a/b/paper.pdf": PIXEL}
    assert [str(one) for one in said if "paper" in str(one) or "photo" in str(one)] == []


@pytest.mark.parametrize("media", ["copy", "link"])
def test_an_image_without_a_caption_has_its_own_title(media, tmp_path):
    folder = write_wiki(tmp_path / "wiki", PAGES, MEDIA)
    made = exported(folder, tmp_path / "site", media=media, old_address="https://wiki.example.org/", verify=True)
    content = article(tmp_path / "site", made, "start")
    assert content.count('alt="Its own title"') == content.count('alt="mine"') == 1


def test_a_file_that_cannot_be_read_is_shown_as_a_missing_one(tmp_path):
    folder = write_wiki(tmp_path / "wiki", PAGES, MEDIA)
    (folder / "data" / "media" / "x.png").unlink()
    (folder / "data" / "media" / "x.png").symlink_to("/etc/hostname")
    done = export(folder, tmp_path / "site", search=False, verify=True, report=lambda error: None)
    made = manifest(tmp_path / "site")
    assert len(done.lost) == 1
    assert "x.png" not in made["media"]
    assert "_media/x.png" not in article(tmp_path / "site", made, "start")
    assert done.differences == []
