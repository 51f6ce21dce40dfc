"""Everything that is wrong with the names of CDK Terrain in one source, and the replacements."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from revet.imports.bindings import Bound, Names, read_names
from revet.imports.finding import Code, ImportFinding
from revet.imports.lossy_dictionaries import lossy_dictionaries
from revet.imports.renames import is_safe, rename_edits
from revet.imports.source import Edit, Source
from revet.imports.stars import star_names
from revet.imports.statements import edits_of_from, edits_of_import
from revet.imports.translate import Translation

_TOGETHER = "a name of the same statement has no certain answer"


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in a source.

    Args:
        findings: in the order of the source.
        edits: what `repair` would replace.
    """

    findings: tuple[ImportFinding, ...]
    edits: tuple[Edit, ...]


def examine(
    source: Source, *, generated: bool = False, exported: frozenset[str] = frozenset()
) -> Examination:
    """Judge the imports and class names of a source.

    Args:
        source: a parsed file.
        generated: whether `imports.NAME` is a current package generated for this source.
        exported: names that other sources may import from this one; they stay, with `as`.

    Returns:
        The findings and the replacements that would cure those that are `fixable`.
    """
    return _Examiner(source, read_names(source, generated=generated), exported).examine()


class _Examiner:
    def __init__(self, source: Source, names: Names, exported: frozenset[str]) -> None:
        self.source = source
        self.names = names
        self.exported = exported
        self.findings: list[ImportFinding] = []
        self.edits: list[Edit] = []
        self.fixed: set[Bound] = set()

    def examine(self) -> Examination:
        for statement in dict.fromkeys(bound.statement for bound in self.names.bounds):
            bounds = [item for item in self.names.bounds if item.statement is statement]
            if isinstance(statement, ast.ImportFrom):
                self.from_statement(statement, bounds)
        self.plain_imports()
        for node in chains(self.source.nodes):
            self.usage(node)
        for found, edit in star_names(self.source, self.names, self.fixed):
            self.findings.append(found)
            self.edits += edit
        self.findings += lossy_dictionaries(self.source, self.names)
        ordered = sorted(set(self.findings), key=lambda item: (item.line, item.column, item.code))
        return Examination(tuple(ordered), tuple(dict.fromkeys(self.edits)))

    def from_statement(self, statement: ast.ImportFrom, bounds: list[Bound]) -> None:
        if all(bound.translation.code is None for bound in bounds):
            return
        outcome: list[Edit] | str = _TOGETHER
        certain = [bound for bound in bounds if bound.translation.certain]
        if any(bound.translation.code for bound in certain):
            keeps = {bound: self.keeps(bound) for bound in bounds}
            outcome = edits_of_from(self.source, statement, list(keeps.items()))
            if not isinstance(outcome, str):
                for bound in certain:
                    outcome += [] if keeps[bound] else self.renamed(bound)
        self.settle(bounds, outcome)

    def plain_imports(self) -> None:
        """`import a.b`: all that share a local name are corrected together, or none is."""
        for bounds in self.names.by_scope.values():
            plain = [item for item in bounds if isinstance(item.statement, ast.Import)]
            if all(item.translation.code is None for item in plain):
                continue
            outcome: list[Edit] | str = _TOGETHER
            if all(item.translation.certain for item in plain):
                outcome = []
                for item in plain:
                    edits = edits_of_import(self.source, item, keep=self.keeps(item))
                    if isinstance(edits, str):
                        outcome = edits
                        break
                    outcome += edits + ([] if self.keeps(item) else self.renamed(item))
            self.settle(plain, outcome)

    def keeps(self, bound: Bound) -> bool:
        """Whether a local name that the right one would change must stay as it is."""
        new = new_local(bound)
        return new != bound.local and not is_safe(
            self.source, self.names, bound, new, exported=self.exported
        )

    def renamed(self, bound: Bound) -> list[Edit]:
        new = new_local(bound)
        return [] if new == bound.local else rename_edits(self.source, self.names, bound, new)

    def settle(self, bounds: list[Bound], outcome: list[Edit] | str) -> None:
        fixable = not isinstance(outcome, str)
        if not isinstance(outcome, str):
            self.edits += outcome
            self.fixed.update(bound for bound in bounds if bound.translation.certain)
        for bound in bounds:
            translation = bound.translation
            if translation.code is not None:
                why = "" if isinstance(outcome, list) or not translation.certain else outcome
                found = self.found(bound.alias, bound.imported, translation, fixable=fixable)
                self.findings.append(replace(found, why=found.why or why))

    def usage(self, node: ast.Attribute) -> None:
        found = self.names.chain(node)
        translation = self.names.translated(node)
        if found is None or translation is None:
            return
        bound, attributes = found
        written = tuple(item.attr for item in attributes)
        named = (*bound.written, *written)
        base = bound.right
        if not translation.certain:
            if base is not None and translation.code is not Code.NOT_INSTALLED:
                self.findings.append(self.found(node, named, translation))
            return
        if base is not None and translation.right == (*base, *written):
            return
        inside = translation.right[1:]
        if base is None and named[-len(inside) :] == inside:
            return  # only the package is outdated, which the import says
        reachable = base is not None and translation.right[: len(base)] == base
        whole = bound in self.fixed or bound.translation.code is None
        edits = self.attribute_edits(attributes, translation.right[len(base or ()) :])
        fixable = reachable and whole and bool(edits)
        if fixable:
            self.edits += edits
        shown = translation
        if translation.code is Code.OUTDATED_PACKAGE:
            code = Code.UNKNOWN_CLASS if len(bound.written) > 1 else Code.UNKNOWN_MODULE
            shown = replace(translation, code=code)
        self.findings.append(self.found(node, named, shown, fixable=fixable))

    def attribute_edits(
        self, attributes: list[ast.Attribute], right: tuple[str, ...]
    ) -> list[Edit]:
        """Replace attributes from the left; a module that was left out goes before the first."""
        extra = len(right) - len(attributes)
        if extra < 0 or not attributes:
            return []
        wanted = [".".join(right[: extra + 1]), *right[extra + 1 :]]
        edits = []
        for node, name in zip(attributes, wanted, strict=True):
            end = self.source.offset(node.end_lineno or 0, node.end_col_offset or 0)
            start = end - len(node.attr.encode())
            if self.source.text(start, end) != node.attr:
                return []
            if name != node.attr:
                edits.append(Edit(start, end, name))
        return edits

    def found(
        self,
        node: ast.alias | ast.Attribute,
        written: tuple[str, ...],
        translation: Translation,
        *,
        fixable: bool = False,
    ) -> ImportFinding:
        return ImportFinding(
            translation.code or Code.UNKNOWN_CLASS,
            node.lineno,
            self.source.column(node.lineno, node.col_offset),
            ".".join(written),
            right=".".join(translation.right) if translation.certain else "",
            suggestions=translation.suggestions,
            fixable=fixable and translation.certain,
            why=translation.why,
        )


def new_local(bound: Bound) -> str:
    """The name that an import binds when it is right and nobody keeps the old one."""
    if bound.alias.asname is not None or bound.right is None:
        return bound.local
    if isinstance(bound.statement, ast.Import):
        return bound.right[0]
    return bound.right[-1] if len(bound.right) > 1 else bound.local


def chains(nodes: Sequence[ast.AST]) -> Iterator[ast.Attribute]:
    """Every attribute that is not part of a longer one."""
    inner = {
        node.value
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
    }
    for node in nodes:
        if isinstance(node, ast.Attribute) and node not in inner:
            yield node
