"""Writes the reference pages under docs/ from the code, so that they cannot differ from it: `make docs`."""

import argparse
import ast
import dataclasses
import importlib
import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
DOCS = REPOSITORY / "docs"
ROOMS = ("intake", "warehouse", "models", "decisions", "reporting")
MAKERS = {"note": "note", "question": "question", "ask": "question", "error": "error", "refuse": "error"}
CODE = re.compile(r"[A-Z]_[A-Z_]+")
ENVIRONMENT = {
    "FLIPPED_FUNNEL_HOME": "where workspaces lie; else `~/.flipped_funnel`",
    "FLIPPED_FUNNEL_THREADS": "threads of the database; else all processors",
    "FLIPPED_FUNNEL_WAIT": "seconds to wait for a workspace that another process has open; else 10",
    "FLIPPED_FUNNEL_MEMORY_MB": "MiB for the database; else 60 % of all, at most 4 GiB",
    "FLIPPED_FUNNEL_LIMIT_": "and the name of a limit above in capitals: another limit, as a whole number",
    "FLIPPED_FUNNEL_TEST_PAUSE": "the name of a point at which an upload waits to be killed; for tests only",
    "FLIPPED_FUNNEL_REQUIRE_BROWSER": "`1`: page tests fail where there is no browser",
}
NOTICE = "<!-- Written by `make docs` from the code: do not edit. -->"

sys.path.insert(0, str(REPOSITORY))


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTICE, *parts]) + "\n"


def data_dictionary() -> str:
    from analytics.intake.contract import KINDS

    parts = [
        "Six kinds of export. Headers are matched without regard to case, spaces and punctuation; the names"
        " in the last column are understood as well. The data page has a template of each kind to download."
    ]
    for kind in KINDS.values():
        key = ", ".join(f"`{name}`" for name in kind.key) or "none; rows that repeat exactly count once"
        parts.append(
            f"## {kind.name}: {kind.grain}\n\nFor {kind.purpose}."
            f" A later file corrects rows with the same key: {key}."
        )
        parts.append(
            table(
                ("column", "need", "type", "meaning", "example", "also called"), map(column_row, kind.columns)
            )
        )
    return page("The exports, column by column", *parts)


def column_row(column) -> tuple[str, ...]:
    also_called = ", ".join((*column.synonyms, *column.fallbacks))
    return f"`{column.name}`", column.need, column.type, column.meaning, f"`{column.example}`", also_called


def command_line() -> str:
    from analytics.commands import _parser

    parser = _parser()
    parts = [
        "`python -m analytics COMMAND --workspace DIR [--json]` does without a browser what the pages do."
        " With `--json`, standard output holds one JSON object and nothing else."
    ]
    for name, command in subcommands(parser).items():
        help_text = next(a.help for a in subparsers(parser)._choices_actions if a.dest == name)
        parts.append(f"## {name}\n\n{sentence(command.description or help_text or '')}")
        rows = [(f"`{usage(a)}`", sentence(a.help or "")) for a in command._actions if a.dest != "help"]
        parts.append(table(("argument", "meaning"), rows))
    statuses = [
        ("0", "done"),
        ("2", "wrong usage"),
        ("3", "a question must be answered"),
        ("4", "refused"),
        ("5", "not enough data"),
    ]
    parts.append("## Exit status\n\n" + table(("status", "meaning"), statuses))
    return page("The command line", *parts)


def subparsers(parser: argparse.ArgumentParser) -> argparse._SubParsersAction:
    return next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return dict(subparsers(parser).choices)


def usage(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings) or (str(action.metavar or action.dest)).upper()
    if not action.option_strings or action.nargs == 0:
        return names
    return f"{names} {action.metavar or action.dest.upper()}"


def sentence(text: str) -> str:
    text = " ".join(text.split()).replace("%%", "%")
    return text[:1].upper() + text[1:] + ("" if not text or text.endswith((".", "?", "!")) else ".")


def settings() -> str:
    from analytics.intake.contract import Limits
    from analytics.warehouse.settings import Settings

    return page(
        "Settings",
        "## Of a workspace\n\n" + whole(Settings),
        field_table(Settings),
        "## Limits of an upload\n\n" + whole(Limits),
        field_table(Limits),
        "## Of the machine\n\nEnvironment variables, read at the start.",
        table(("variable", "meaning"), [(f"`{name}`", meaning) for name, meaning in ENVIRONMENT.items()]),
    )


def field_table(kind: Any) -> str:
    rows = [(f"`{f.name}`", f"`{f.default}`", str(f.type)) for f in dataclasses.fields(kind)]
    return table(("setting", "default", "type"), rows)


def messages() -> str:
    found = sorted({(code, severity, text) for code, severity, text in message_calls()})
    rows = [(f"`{code}`", severity, text) for code, severity, text in found]
    return page(
        "Messages",
        "What may be said about a file. A note: the file can be loaded, and this was mended or noticed."
        " A question: nothing is stored until it is answered, on the data page or with"
        " `--answer CODE=CHOICE`. An error: nothing is stored. Words in braces are filled from the file.",
        table(("code", "severity", "text"), rows),
    )


def message_calls() -> Iterator[tuple[str, str, str]]:
    """Code, severity and text of every message that the code can make."""
    for file in sorted((REPOSITORY / "analytics").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            yield from messages_of(function)
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                yield from faults(node)


def messages_of(function: ast.FunctionDef) -> Iterator[tuple[str, str, str]]:
    assigned = {
        ast.unparse(n.targets[0]): n.value
        for n in ast.walk(function)
        if isinstance(n, ast.Assign)
        and isinstance(n.value, ast.Constant | ast.JoinedStr | ast.Call | ast.IfExp)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and maker(node) in MAKERS and len(node.args) >= 2:
            code, text = (template(a, assigned) for a in node.args[:2])
            if CODE.fullmatch(code):
                yield code, MAKERS[maker(node)], " ".join(text.split())


def maker(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def faults(node: ast.Dict) -> Iterator[tuple[str, str, str]]:
    """Code -> what is wrong with a cell, as the end of a sentence that names the cell."""
    for key, why in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(why, ast.Call) and CODE.fullmatch(str(key.value)):
            yield str(key.value), "error", f"Line {{line}}, column {{column}}: '{{value}}' {template(why)}."


def template(text: ast.expr, assigned: Mapping[str, ast.expr] = MappingProxyType({})) -> str:
    """The sentence as it stands in the code, with {names} where values go."""
    if isinstance(text, ast.Name) and text.id in assigned:
        return template(assigned[text.id])
    if isinstance(text, ast.JoinedStr):
        return "".join(template(part) for part in text.values)
    if isinstance(text, ast.Constant):
        return str(text.value)
    if isinstance(text, ast.IfExp):
        return f"{template(text.body, assigned)} / {template(text.orelse, assigned)}"
    if isinstance(text, ast.Call) and maker(text) == "format" and isinstance(text.func, ast.Attribute):
        return template(text.func.value, assigned)
    if isinstance(text, ast.Call) and maker(text) in ("_", "marked"):
        return template(text.args[0])
    value = text.value if isinstance(text, ast.FormattedValue) else text
    return f"{{{value.id}}}" if isinstance(value, ast.Name) else "{…}"


def library() -> str:
    parts = ["Everything here can be imported without Streamlit."]
    for room in ROOMS:
        for file in sorted((REPOSITORY / "analytics" / room).rglob("*.py")):
            rows = list(public_names(file))
            if rows:
                name = module_name(file)
                parts.append(f"## {name}\n\n{summary(importlib.import_module(name))}")
                parts.append(table(("name", "what it is"), rows))
    return page("The library", *parts)


def module_name(file: Path) -> str:
    parts = file.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def public_names(file: Path) -> Iterator[tuple[str, str]]:
    module = importlib.import_module(module_name(file))
    for name, thing in vars(module).items():
        own = getattr(thing, "__module__", None) == module.__name__
        if not name.startswith("_") and own and (inspect.isclass(thing) or inspect.isfunction(thing)):
            yield f"`{name}{signature(thing)}`", summary(thing)


def signature(thing) -> str:
    """The names of a function's parameters; nothing for a class."""
    return "" if inspect.isclass(thing) else f"({', '.join(inspect.signature(thing).parameters)})"


def whole(thing) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (inspect.getdoc(thing) or "").split("\n\n"))


def summary(thing) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


PAGES = {
    "data-dictionary.md": data_dictionary,
    "command-line.md": command_line,
    "settings.md": settings,
    "messages.md": messages,
    "library.md": library,
}


def main() -> None:
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), encoding="utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
