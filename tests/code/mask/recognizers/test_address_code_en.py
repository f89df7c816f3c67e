import pytest

from pipelines.mask.recognizers.address_code_en import AddressCodeEn


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "at Rua das Flores 212, 3.º dto., 4050-265 Porto until",
            ["Rua das Flores 212, 3.º dto., 4050-265 Porto"],
        ),
        ("Carrer de Mallorca 88, 4t 1a, 08036 Barcelona", ["Carrer de Mallorca 88, 4t 1a, 08036 Barcelona"]),
        (
            "Via Cesare Battisti 31, interno 9, 10123 Torino",
            ["Via Cesare Battisti 31, interno 9, 10123 Torino"],
        ),
        (
            "Riverbend Clinic, 14 Alder Road, Ludlow SY8 1QX",
            ["Riverbend Clinic, 14 Alder Road, Ludlow SY8 1QX"],
        ),
        (
            "it's now 6 Quarry Bank, Heptonstall, Hebden Bridge HX7 7LY",
            ["6 Quarry Bank, Heptonstall, Hebden Bridge HX7 7LY"],
        ),
        (
            "home is The Old Forge, Mill Lane, Braintree, Essex CM7 4RN so",
            ["The Old Forge, Mill Lane, Braintree, Essex CM7 4RN"],
        ),
        (
            "1190 rue sherbroke ouest apt 7, montreal qc H3A 1H6",
            ["1190 rue sherbroke ouest apt 7, montreal qc H3A 1H6"],
        ),
        ("at 4 Rue des Lilas, 69008 Lyon?", ["4 Rue des Lilas, 69008 Lyon"]),
        ("Storgatan 17, 2 tr, 411 24 Göteborg", ["Storgatan 17, 2 tr, 411 24 Göteborg"]),
        ("19 kestrel close, swindon, sn3 5bt", ["19 kestrel close, swindon, sn3 5bt"]),
        ("it is Rose Cottage, Mill Lane, Ditchling", ["Rose Cottage, Mill Lane, Ditchling"]),
        ("Björkvägen 22, 752 67 Uppsala.", ["Björkvägen 22, 752 67 Uppsala"]),
        ("Keizersgracht 482-III, 1017 EG Amsterdam", ["Keizersgracht 482-III, 1017 EG Amsterdam"]),
        (
            "at C-42, 2nd floor, opposite Shiv Mandir, New Delhi - 110024, call",
            ["C-42, 2nd floor, opposite Shiv Mandir, New Delhi - 110024"],
        ),
        ("RD 4\nTe Puke 3184\nNew Zealand", ["RD 4\nTe Puke 3184\nNew Zealand"]),
        ("寄到19 Kestrel Close, Swindon SN3 5BT就行", ["19 Kestrel Close, Swindon SN3 5BT"]),
        ("地址是4 Rue des Lilas, 69008 Lyon没错", ["4 Rue des Lilas, 69008 Lyon"]),
        ("共3盒, 2盏灯, 1张毯子HX7", []),
        ("I think 512 555 0166, maybe my mom's, 512 555 0199", []),
        ("I ordered 3 boxes, 2 lamps, 1 rug on order 110024", []),
        ("we ship 10 a day to HX7 7LY", []),
    ],
)
def test_address_code_en(find, text, values):
    assert find(AddressCodeEn, text) == values
