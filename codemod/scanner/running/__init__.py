"""What runs Workers on a developer's machine: scripts, commands, workspaces, Vite."""
