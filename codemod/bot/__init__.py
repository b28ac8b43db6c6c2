"""Opens the repairs as pull requests, and keeps them true: one repository a reconcile.

The bot has no state of its own. What it knows of the past it reads from the forge each time: its
branches ``wfix/<group>``, its pull requests with what is hidden in their bodies, and its issues.
So a run can be killed anywhere, and the next one finishes what it began.

- ``forge``: what is asked of a forge, its answers, and how it says no
- ``sign_in``, ``github``: who the bot is, and the one forge there is, through PyGithub
- ``groups``, ``fingerprint``: a plan as proposals, each with a branch and an identity
- ``pace``: turns at writing, a second apart, of all runs that share a sign-in on a machine
- ``marks``: what is hidden in texts on the forge, and the boxes that people tick there
- ``describing``: what of a title and a text is the bot's, and what of others stays
- ``decisions``: from what is seen and what is proposed to what is to be done, as pure data
- ``body``, ``dashboard``, ``onboarding``, ``complaint``: the texts
- ``planning``: the clone's settings and plan as proposals, and what the runtime makes of them
- ``observing``: what stands on the forge before anything is decided
- ``carrying``, ``telling``: do what was decided, each step so that it can be taken twice
- ``reconcile``: one run over one repository, from the first question to the report
- ``scratch``: the clone that a run looks at, through ``codemod.runtime.cloning``
"""
