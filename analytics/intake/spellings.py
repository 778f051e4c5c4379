"""Names that differ only in case, blanks and hyphens: which spellings belong together, and which one to keep."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

MOST_NAMES = 2000  # beyond that the column holds no categories


def folded(name: str) -> str:
    """A name without regard to case, blanks, hyphens, underscores and full stops."""
    return re.sub(r"[\s_\-.]+", "", unicodedata.normalize("NFKC", name).casefold())


def variants(counts: dict[str, int], known: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Spelling to keep → the other spellings found; `known` are spellings that the workspace has already."""
    if len(counts) > MOST_NAMES:
        return {}
    groups: dict[str, set[str]] = defaultdict(set)
    for name in (*counts, *known):
        groups[folded(name)].add(name)
    found = {}
    for names in groups.values():
        # Two spellings that the workspace holds already were kept apart on purpose.
        if len(names) < 2 or not (set(names) & set(counts)) or set(names) <= set(known):
            continue
        kept = min(names, key=lambda n: (n not in known, -counts.get(n, 0), n != n.lower(), len(n), n))
        others = tuple(sorted(n for n in names if n != kept and n in counts and n not in known))
        if others:
            found[kept] = others
    return found
