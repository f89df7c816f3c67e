import pytest

from pipelines.mask.recognizers.name_en import NameEn


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('from a device named "Harriets iPhone"', ["Harriet"]),
        ("Todays iPhone deals", []),
        ("Rosa Abney, née Castellani", ["Castellani"]),
        ("new surname: Ramirez, was Pettigrew", ["Pettigrew"]),
        ("name on it was wrong", []),
        ("please contact ABTA for that", []),
        ("Hi, this is Luma, your virtual assistant", []),
        ("thank you Mr Ng.", ["Ng"]),
        ("My name is Karen Good, hi", ["Karen Good"]),
        ("my name is viswa kumar", ["viswa kumar"]),
        ("My full name is Mary-Jane O'Neil.", ["Mary-Jane O'Neil"]),
        ("Name: Evan Hall", ["Evan Hall"]),
        ("This is Sarah from Leeds", ["Sarah"]),
        ("Hi Sarah, thanks", ["Sarah"]),
        ("ask for Mr. Tan please", ["Tan"]),
        ("Evan Hall, +1 415 555 0132", ["Evan Hall"]),
        ("我叫Evan Hall谢谢", ["Evan Hall"]),
        ("my name is wrong on the order", []),
        ("I am waiting", []),
        ("This is ridiculous", []),
        ("Hi there, my order", []),
        ("Thanks Xiaoli", []),
        ("Hi Mei, it has changed", ["Mei"]),
        ("Hi Team, any news", []),
        ("it's WPA2 not WPA3", []),
        ("RAMACHANDRAN/SURESH MR", ["RAMACHANDRAN/SURESH"]),
        ("will is my name, hello", ["will"]),
        ("the company name is wrong", []),
        ("W-O-J-C-I-K is how you spell it, my name W-O-J-C-I-K", ["W-O-J-C-I-K"]),
    ],
)
def test_name_en(find, text, values):
    assert find(NameEn, text) == values
