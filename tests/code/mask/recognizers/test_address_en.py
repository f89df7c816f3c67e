import pytest

from pipelines.mask.recognizers.address_en import AddressEn


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("for Parveen Akhtar, 92 Mill Road, Luton LU4 8HX", ["92 Mill Road, Luton LU4 8HX"]),
        ("to Hartley House, 92 Mill Road, Luton LU4 8HX", ["Hartley House, 92 Mill Road, Luton LU4 8HX"]),
        ("62 Mill Road, Mitcham CR4 1HT, 07985 224 017", ["62 Mill Road, Mitcham CR4 1HT"]),
        ("my address is 45 Le Loi, Hai Chau, Da Nang", ["45 Le Loi, Hai Chau, Da Nang"]),
        ("we live at 12 Smith, ask for Jo", []),
        (
            "Flat D, 9/F, Block 7, Laguna City Phase IV, Kwun Tong no zip",
            ["Flat D, 9/F, Block 7, Laguna City Phase IV, Kwun Tong"],
        ),
        ("apt C-904, sorry", ["apt C-904"]),
        ("apt 5 is too cold at night", []),
        (
            "Room 906, Building 2, Poly World, 1000 Xingang East Rd, Guangzhou, receiver Lin",
            ["Room 906, Building 2, Poly World, 1000 Xingang East Rd, Guangzhou"],
        ),
        ("H.No. 88, Sector 15, Gurugram 122001, 9811 0277 43", ["H.No. 88, Sector 15, Gurugram 122001"]),
        ("ship to 12 Rose Lane, Leeds, LS1 4AP please", ["12 Rose Lane, Leeds, LS1 4AP"]),
        (
            "at 8496 Johnson Ranch Suite 123, West Amy, NC 12345",
            ["8496 Johnson Ranch Suite 123, West Amy, NC 12345"],
        ),
        ("Blk 112 Clementi Avenue 2 #12-27, Singapore", ["Blk 112 Clementi Avenue 2 #12-27, Singapore"]),
        ("寄到12 Rose Lane, Leeds谢谢", ["12 Rose Lane, Leeds"]),
        ("12 baker street", ["12 baker street"]),
        ("89, Jalan Ampang, Kuala Lumpur", ["89, Jalan Ampang, Kuala Lumpur"]),
        ("PO Box 1234", ["PO Box 1234"]),
        ("PSC 1234, Box 5678, APO AE 09012", ["PSC 1234, Box 5678, APO AE 09012"]),
        ("it takes 2 days by road", []),
        ("I ordered 3 pieces", []),
        ("Do you ship to Singapore?", []),
        ("99 yuan a piece", []),
        (
            "live at 3/88 Wattle Grove, Brunswick East VIC 3057",
            ["3/88 Wattle Grove, Brunswick East VIC 3057"],
        ),
        ("to 1 Warehouse Way, Dock 14, Reno, NV 89506 please", ["1 Warehouse Way, Dock 14, Reno, NV 89506"]),
        ("moved to rr 2 box 118 hazel green wi", ["rr 2 box 118 hazel green wi"]),
        ("is a 5 star place really", []),
    ],
)
def test_address_en(find, text, values):
    assert find(AddressEn, text) == values
