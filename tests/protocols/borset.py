"""Protocol files of a council of the tests: Durham's words under another code and version."""

from pathlib import Path

from app.protocols.shelf import SHIPPED

DURHAM = (SHIPPED / "durham.toml").read_text(encoding="utf-8")


def write_version(folder: Path, version: str, in_force_from: str, short_name: str) -> Path:
    """The file of that version, `borset.toml`, in place of the one before."""
    text = DURHAM
    for line, own in (
        ('code = "durham"', 'code = "borset"'),
        ('version = "2026-11"', f'version = "{version}"'),
        ("in_force_from = 2026-11-01", f"in_force_from = {in_force_from}"),
        ('short_name = "Durham"', f'short_name = "{short_name}"'),
    ):
        assert text.count(f"\n{line}\n") == 1, line
        text = text.replace(f"\n{line}\n", f"\n{own}\n")
    file = folder / "borset.toml"
    file.write_text(text, encoding="utf-8")
    return file
