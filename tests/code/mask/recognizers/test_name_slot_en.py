import pytest

from pipelines.mask.recognizers.name_slot_en import NameSlotEn


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("yes, Delphine or Tamsyn.", ["Tamsyn"]),
        ("Paris or London?", []),
        ("collect. Rosalind, 01632 960442", ["Rosalind"]),
        ("Leeds, 01632 960442", []),
        ("please contact ICAO for it", []),
        ("sure mister hendricks, one moment", ["hendricks"]),
        ("Sent today, Gwilym.", ["Gwilym"]),
        ("All fixed now.\n\nSteph", ["Steph"]),
        ("ask R. Venkatesan about it", ["R. Venkatesan"]),
        ("it is for J.W. van Houten", ["J.W. van Houten"]),
        ("package for s. balasubramanian", ["s. balasubramanian"]),
        ("pax AL-MUTAIRI/NASSER seat 22A", ["AL-MUTAIRI/NASSER"]),
        ("Your driver is Rajesh", ["Rajesh"]),
        ("surname de Souza-Lima", ["de Souza-Lima"]),
        ("cheque to R J Holloway please", ["R J Holloway"]),
        ("on behalf of Ruairí Ó Dálaigh", ["Ruairí Ó Dálaigh"]),
        ("you're through to Aditi from the cards team", ["Aditi"]),
        ("refund to: Emer Lyons, IE57 AIBK", ["Emer Lyons"]),
        ("put it under zhang", ["zhang"]),
        ("请转给mister hendricks吧", ["hendricks"]),
        ("寄给J.W. van Houten收", ["J.W. van Houten"]),
        ("升级到Business版本", []),
        ("it is under warranty", []),
        ("I'm resending it", []),
        ("visit X. They help", []),
        ("Up to 15 users, Business.", []),
        ("deliveries to Seattle", []),
        ("Mr. Clean pads", []),
    ],
)
def test_name_slot_en(find, text, values):
    assert find(NameSlotEn, text) == values
