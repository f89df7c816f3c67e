"""A partition's values in the vault, written as the stage writes them."""

from pipelines.mask.vaulting import Vaulting


def vaulted(key, rows):
    vaulting = Vaulting()
    vaulting.add(rows)
    return vaulting.write(key)
