"""Addresses as they are written in some forty countries, whole or in part.

In a form `{s}` is a name, `{k}` a kind of street, `{t}` a town, `{n}` and `{u}` a house's and a unit's number,
`{l}` a letter, `^` the sign `#`; `#`, `~`, `@` and `%` are forms.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from random import Random

from pipelines.mask import lexicon_en as lexicon
from pipelines.mask.words import words

_UK, _IRELAND, _CANADA = (
    "@@~ #@@|@@~# #@@|@# #@@|@## #@@|@@## #@@",
    "@## @%@#|@##%%%%",
    "@#@ #@#|@#@#@#",
)
FORMS = (
    *("{n} {s} {k}", "{n} {s} {k}, {t}", "{n}{l} {s} {k}", "{n} {s} {k} {t}", "{n} {s} {k}, {t} {uk}"),
    *("{n} {s} {k}, {t}, {uk}", "Flat {u}, {n} {s} {k}, {t} {uk}", "Flat {u}, {s} House, {n} {s} {k}"),
    *("Flat {u}{l}, {s} Court, {t} {uk}", "{s} Cottage, {s} Lane, {t} {uk}", "The Old {s}, {s} Lane, {t}"),
    *("Unit {u}, {s} Business Park, {t} {uk}", "{s} Surgery, {n} {s} Lane, {t} {uk}", "{t}, {uk}"),
    *("{s} School, {s} {k}, {t} {uk}", "{s} Farm, {t} {uk}", "Top flat, {n} {s} {k}, {t} {uk}"),
    *("~### {s} {k}, {t}, {us} #####", "~## {d} {s} {k} Apt {u}{l}, {t}, {us} #####", "~### {s} {k}"),
    *("~#### {s} {k}, ^{u}, {t}, {us}", "PO Box ~###, {t}, {us} #####", "~### {d} ~#th St, {t} {us} #####"),
    *("apt {u}{l}", "apt {l}-~###", "unit {u}, {n} {s} {k}", "suite ~##, ~### {s} {k}", "Room ~##, {s} Hall"),
    *("~### {s} {k}, {t}, {ca} {can}", "{u}-~## {s} {k}, {t} {ca} {can}", "RR ~, Box ~##, {t}, {us} #####"),
    *("Unit {u}, {n} {s} {k}, {t} {au} ~###", "{u}/{n} {s} {k}, {t} {au} ~###", "{n} {s} {k}, {t} {au}"),
    *("{n} {s} {k}, {t} ~###", "{n} {s} {k}, {t}, Co. {t} {ie}", "{s}, {t}, Co. {t}", "Apt {u}, {s} Quay, {t}"),
    *("Flat ~##, {s} Apartments, {u}th Cross, {s} Nagar, {t} ~#####", "H.No. {u}-{u}/{n}, {s} Colony, {t}"),
    *("{l}-~## {s} Residency, Sector {u}, {t}", "Plot {n}, Phase {u}, {s} Vihar, {t}, {s} ~#####"),
    *("H.No. ~###, Phase {u}, Sector {u}, {t}, {s} ~#####", "{n}/{u}, {s} Street, {s} Puram, {t} - ~#####"),
    *("House {u}, Road {u}, Block {l}, {s}, {t} ~###", "House {n}, Street {u}, {l}-~, {t}"),
    *("Blk {n} {s} Ave {u} ^0~-##{u} Singapore ~#####", "{n} {s} Road, ^~#-0~, Singapore ~#####"),
    *("Flat {l}, {u}/F, Tower {u}, {s} Garden, {t}", "Room ~###, {u}/F, {s} Building, {n} {s} Road, {t}"),
    *("Flat {l}, {u}/F, Block {u}, {s} City Phase {u}, {t}", "Shop {u}, G/F, {s} Plaza, {n} {s} Road, {t}"),
    *("Room ~###, Building {u}, {s} International, {n} {s} East Rd, {s} District, {t}",),
    *("Building {l}{u}, No. {n} {s} Road, {s} District, {t} ~#####", "No. {n} {s} Road, {t}"),
    *("No {u}, Jalan {s} {u}/{u}, Taman {s}, ~#### {t}", "{u}, Lorong {s}, ~#### {t}", "{l}-{u}-0~, {s} Condo"),
    *("Blk {u} Lot {u} {s} St, Brgy {s}, {t}", "Unit ~###, {s} Tower, {s} Ave, {t}", "Jl. {s} No. {n}, {t} ~####"),
    *("Villa {u}, Street {u}, {s}, {t}", "Apt ~##, {s} Tower, {t}", "Office ~##, {s} Building, {t}"),
    *("{n} {s} Street, {t}, Lagos", "Plot {n} {s} Close, off {s} Road, {t}", "P.O. Box ~####, {t}"),
    *("{s}straße {n}, ~#### {t}", "{s}str. {n}{l}, ~#### {t}", "{s}weg {n}, ~#### {t}", "Am {s} {n}, ~### {t}"),
    *("{n} rue de {s}, ~#### {t}", "{n} bis avenue {s}, ~#### {t}", "{n}, rue du {s}, {t}", "{n} quai {s}"),
    *("Calle {s} {n}, {u}º {l}, ~#### {t}", "Carrer de {s} {n}, ~r ~a, 0#### {t}", "C/ {s} {n}, ~#### {t}"),
    *("Rua do {s} {n}, ~.º esq., ~###-### {t}", "Rua {s}, {n}, apto {u}, {t} - SP, #####-###", "Rua {s} {n}, {t}"),
    *("Via {s} {n}, ~#### {t}", "Via dei {s} {n}, interno {u}, ~#### {t}", "Viale {s} {n}, {t}", "Piazza {s} {u}"),
    *("{s}straat {n}-{u}, ~### @@ {t}", "{s}laan {n}, ~###@@ {t}", "{s}gracht {n}, {t}", "{s}kade {n} bus {u}"),
    *("{s}gatan {n}, ### ## {t}", "{s}veien {n}, ~### {t}", "{s}vej {n}, ~. th, ~### {t}", "{s}katu {n} {l} {u}"),
    *("ul. {s} {n}/{u}, ##-### {t}", "Str. {s} nr. {n}, ap. {u}, {t}", "{s} {n}, ### ## {t}", "{s} utca {n}, {t}"),
    *("{s} Mah. {s} Sok. No:{n} D:{u}, {t}", "{n} {s}, {t}, District {u}, Ho Chi Minh City", "{s} {n}, {t} ### ##"),
    *("{n}/{u} Soi {s} {u}, {t}, Bangkok #####", "~-{u}-{u} {s}, {t}-ku, Tokyo ###-####", "{n}, {s}-ro, {s}-gu, Seoul"),
    *("Av. {s} {n}, Col. {s}, ~#### {t}", "Avenida {s} {n}, depto {u}, {t}", "{n} {s} {s}, {t}, Hanoi"),
)
_KINDS = (
    "Street|Street|St|Road|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Crescent|Cres|Way|Place|Terrace"
    "|Gardens|Grove|Hill|Row|Mews|Square|Parade|Walk|Rise|View|Blvd|Circle|Trail|Pkwy|Pike|Loop|Quay|Park|Green"
).split("|")
_STATES = {
    "us": "TX|CA|OH|IL|NY|WA|GA|FL|Texas|Ohio|Oregon|MN|MO|NC|PA|AZ|CO|Vermont",
    "ca": "ON|QC|BC|AB|MB|SK|NS",
    "au": "NSW|VIC|QLD|WA|SA|TAS|ACT|NT",
    "d": "N|S|E|W|NE|NW|SE|SW|North|West",
}
_CODES = {"uk": _UK, "ie": _IRELAND, "can": _CANADA}
_PART = re.compile(r"\{(\w+)\}")


def drawn(random: Random) -> str:
    """An address of any country, its signs and capitals sometimes left out."""
    value = _PART.sub(lambda match: _part(match[1], random), random.choice(FORMS))
    draw = random.random()
    if draw < 0.12:
        value = value.replace(",", "")
    return value.lower() if draw > 0.88 else value


def _part(name: str, random: Random) -> str:
    if name in _STATES or name in _CODES:
        return random.choice({**_STATES, **_CODES}[name].split("|"))
    if name == "k":
        return random.choice(_KINDS)
    if name in "nu":
        return str(random.randint(1, 400 if name == "n" else 30))
    return random.choice("ABCDEFGH") if name == "l" else _called(name, random)


def _called(name: str, random: Random) -> str:
    """A street or town: one word of the lists, or two."""
    names, places, things = _words()
    draw = random.random()
    pool = things if draw < 0.25 else places if (name == "t") == (draw < 0.85) else names
    word = random.choice(pool)
    return f"{word} {random.choice(names)}" if random.random() < 0.2 else word


@lru_cache
def _words() -> tuple[tuple[str, ...], ...]:
    """Names, places, and words that names are too: Maple, Church, Orchard."""
    names = lexicon.last_names() | lexicon.first_names()
    return _plain(names), _plain(lexicon.places()), _plain(words("words_not_names.en"))


def _plain(listed: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(word.capitalize() for word in listed if word.isalpha() and len(word) > 3))
