import pytest

from codemod.errors import Refused
from codemod.model import FileChange
from codemod.runtime.git import WorkTree
from codemod.writer.guards import Permissions, require

EDIT = FileChange("a.jsonc", b"x", b"y", ())
NEW = FileChange("new.ts", None, b"y", ())


def tree(modified=(), untracked=()) -> WorkTree:
    return WorkTree("0" * 40, frozenset(modified), frozenset(untracked))


@pytest.mark.parametrize(
    ("work_tree", "changes", "permissions", "refusal"),
    [
        pytest.param(None, [EDIT], Permissions(), "not under version control", id="no git"),
        pytest.param(tree(["b.ts"]), [EDIT], Permissions(), r"not committed: b\.ts", id="modified"),
        pytest.param(
            tree(["../b.ts"]), [EDIT], Permissions(), r"\.\./b\.ts", id="outside the root"
        ),
        pytest.param(
            tree(untracked=["a.jsonc"]), [EDIT], Permissions(), r"a\.jsonc", id="edits an untracked"
        ),
        pytest.param(
            tree([f"{n}" for n in range(9)]), [EDIT], Permissions(), "and 4 more", id="many"
        ),
        pytest.param(tree(), [EDIT, NEW], Permissions(), r"new\.ts", id="creates a file"),
        pytest.param(
            None, [NEW], Permissions(no_vcs=True), "creates files", id="one lifted of two"
        ),
    ],
)
def test_refused(work_tree, changes, permissions, refusal):
    with pytest.raises(Refused, match=refusal):
        require(permissions, work_tree, changes)


@pytest.mark.parametrize(
    ("work_tree", "changes", "permissions"),
    [
        pytest.param(tree(), [EDIT], Permissions(), id="clean"),
        pytest.param(tree(untracked=["notes.txt"]), [EDIT], Permissions(), id="others untracked"),
        pytest.param(tree(["b.ts"]), [EDIT], Permissions(dirty=True), id="dirty allowed"),
        pytest.param(None, [EDIT], Permissions(no_vcs=True), id="no git allowed"),
        pytest.param(tree(), [NEW], Permissions(new_files=True), id="new files allowed"),
    ],
)
def test_let_through(work_tree, changes, permissions):
    require(permissions, work_tree, changes)
