from workers import WorkerEntrypoint


class Default(WorkerEntrypoint):
    pass
