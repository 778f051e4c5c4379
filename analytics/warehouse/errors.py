"""What can go wrong with a workspace; each message is one sentence that says what to do."""


class WorkspaceError(Exception):
    """A request that the workspace cannot meet, or a workspace that cannot be used."""


class WarehouseBusy(WorkspaceError):
    """Another process has the workspace open."""


class NewerWorkspace(WorkspaceError):
    """A newer version of the program wrote the workspace."""


class Cancelled(WorkspaceError):
    """The analyst stopped the upload; nothing of it is stored."""
