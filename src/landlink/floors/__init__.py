"""The composition root: what every floor contributes to the registries, one module per registry.

A registry loads its module when it is first read (see :mod:`landlink.core.registry`). A new floor adds a line in the
modules of the registries that it contributes to, and its name to the layers of the import contract; no other floor is
edited.
"""
