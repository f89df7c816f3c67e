"""Numbers that stand for a thing of the shop and not for a person: work orders, goods, versions, coupons."""

THINGS = (
    "工单|投诉单|服务单|售后单|维修单|受理单?|条码|条形码|批次|批号|货号|款号|型号|商品编号|商品id|sku|upc|ean|spu|版本|固件|升级到|错误码|错误代码|报错"
    "|优惠码|优惠券|兑换码|券码|工号|航班|车次|序列号|备案号|许可证|批准文号|股票代码|基金代码|基金|门店编号|课程编号"
)
# Stands before a number: nothing like `工单号:` or `SKU ` leads to it.
NOT_OF_THE_SHOP = rf"(?<!(?:{THINGS})[^0-9,。;]{{0,6}})"
