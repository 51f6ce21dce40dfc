"""Write the generated pages of the documentation, and take away those of what is gone.

Each `update_docs_*.py` beside this file says what belongs into a folder: `PAGES` and `pages()`.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]


def scripts() -> dict[str, ModuleType]:
    """What makes pages, by the last word of its name."""
    return {
        path.stem.removeprefix("update_docs_"): _load(path)
        for path in sorted(Path(__file__).parent.glob("update_docs_*.py"))
    }


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"revet_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Write all pages."""
    for script in scripts().values():
        folder, made = script.PAGES, script.pages()
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.md") if folder != ROOT / "docs" else ():
            if path.name not in made:
                path.unlink()
        for name, text in made.items():
            (folder / name).write_text(text, encoding="utf-8")
        print(f"wrote {len(made)} to {folder.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
