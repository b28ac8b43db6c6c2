"""The bot for many repositories: webhooks in, jobs out, each reconciled in a process of its own.

What is to be done stands in one record a repository, which is changed by compare-and-swap alone;
Huey's messages only say that there is something to do. So a message that is lost, late or doubled
does no harm: the record decides who may work, and what has no message any more gets a new one.

- ``records``: values under keys, compared and swapped, beside Huey's queue in SQLite, PostgreSQL
  or Redis
- ``jobs``: a repository's job and its changes, as pure functions
- ``queue``: the queue that a URL names, and the messages in it
- ``board``: asks for jobs, takes, keeps and ends them
- ``deliveries``: which webhooks were seen before
- ``events``: what an event of the forge asks for
- ``asking``: questions to the store from where nobody may wait for ever
- ``webhooks``, ``health``, ``metrics``, ``server``: the three addresses, and who answers there
- ``room``: the memory that payloads are held in while they come
- ``child``: one reconcile as a process, ordered and answered in one line each
- ``worker``: takes jobs, and watches over their processes
- ``tick``: what is to be done from time to time
"""
