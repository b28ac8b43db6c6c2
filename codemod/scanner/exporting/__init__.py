"""How a module's exports are found: names, links between modules, values, kinds, members."""
