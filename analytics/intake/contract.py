"""The contract: the six kinds of export, their columns, and the words by which headers are known.

The mapping, the checks, the data dictionary and the templates are all made from this one place.
"""

from __future__ import annotations

import calendar
import csv
import io
import os
import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import date

from analytics.language import Texts, marked
from analytics.language import gettext as _

LIMIT_VARIABLE = "FLIPPED_FUNNEL_LIMIT_"
REQUIRED, RECOMMENDED, OPTIONAL = "required", "recommended", "optional"


@dataclass(frozen=True)
class Column:
    """One column of an export.

    type: text, money (DECIMAL), number, day, month or yes_no. `synonyms` are certain names, in English
    and Korean; `fallbacks` are taken only where no certain name occurs; `suggestions` (other languages)
    are proposed, and loaded only once the analyst has confirmed them.
    """

    name: str
    need: str
    type: str
    meaning: str
    example: str
    synonyms: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of export: its columns, the key that a later file corrects, and what it is for."""

    name: str
    grain: str
    purpose: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    day: str
    value: str | None = None

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError where this kind has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which nothing can be loaded."""
        return tuple(c.name for c in self.columns if c.need == REQUIRED)


@dataclass(frozen=True)
class Limits:
    """What intake takes at the most; each is a setting, and its message names the number.

    The setting is an environment variable: FLIPPED_FUNNEL_LIMIT_ and the name in capitals (…_ROWS, …_SECONDS).
    """

    unpacked_bytes: int = 2 * 1024**3
    columns: int = 200
    field_bytes: int = 64 * 1024
    rows: int = 20_000_000
    bomb_bytes: int = 50 * 1024**2
    bomb_ratio: int = 100
    memory_bytes: int = 4 * 1024**3
    seconds: int = 900

    @classmethod
    def configured(cls) -> Limits:
        """The limits with what the environment sets (FLIPPED_FUNNEL_LIMIT_ and the name of a limit in capitals).

        ValueError, in a sentence, where such a setting is no whole number above zero.
        """
        chosen = {}
        for field in fields(cls):
            variable = LIMIT_VARIABLE + field.name.upper()
            text = os.environ.get(variable)
            if text is None:
                continue
            if not text.isdigit() or int(text) == 0:
                raise ValueError(
                    _(
                        "{variable} is {text!r}; set it to a whole number above zero, or leave it unset."
                    ).format(variable=variable, text=text)
                )
            chosen[field.name] = int(text)
        return cls(**chosen)


@dataclass(frozen=True)
class Period:
    """A named stretch of days, both ends included: a quarter (2026Q3), a month (2026-07) or a year (2026)."""

    text: str
    first_day: date
    last_day: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2026Q3`, `2026-Q3`, `2026-07` or `2026`; ValueError with a sentence otherwise."""
        match = re.fullmatch(r"(\d{4})(?:-?[Qq]([1-4])|-(\d{2}))?", text.strip())
        if not match or not 1 <= int(match[3] or 1) <= 12:
            raise ValueError(
                _(
                    "The period {text!r} is not known; write a quarter as 2026Q3 or a month as 2026-07."
                ).format(text=text)
            )
        year = int(match[1])
        if match[2]:
            first, last = 3 * int(match[2]) - 2, 3 * int(match[2])
        elif match[3]:
            first = last = int(match[3])
        else:
            first, last = 1, 12
        name = f"{year}Q{match[2]}" if match[2] else text.strip()
        return cls(name, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


_ORDER_ID = Column(
    "order_id",
    REQUIRED,
    "text",
    marked("Number of the order; lines of one order (same order_id, customer_id and day) are added up."),
    "S-1001",
    ("order", "order no", "order number", "order nr", "orderid", "invoice", "invoice no", "invoice number",
     "invoice id", "deal id", "opportunity id", "transaction id", "reorder id", "주문번호", "주문 아이디", "거래번호", "주문id"),
    suggestions=("bestellnr", "bestellnummer", "auftragsnummer", "rechnungsnummer", "numero commande",
                 "numéro de commande", "num commande", "numero pedido", "número de pedido", "numero ordine",
                 "ordernummer", "注文番号", "订单号", "订单编号"),
)  # fmt: skip
_CUSTOMER_ID = Column(
    "customer_id",
    REQUIRED,
    "text",
    marked("Number of the customer, kept as written: leading zeros count."),
    "000123",
    ("customer", "customer no", "customer number", "customer nr", "client id", "client no", "account id",
     "account no", "account number", "member id", "user id", "buyer id", "고객번호", "고객 아이디", "고객id",
     "회원번호", "회원id", "회원아이디", "구매자id", "구매자아이디", "주문자id", "주문자아이디"),
    fallbacks=("customer name", "client name", "account name", "고객명", "회원명", "고객 이름", "구매자명", "주문자명"),
    suggestions=("kundennr", "kundennummer", "kunde", "numero client", "numéro client", "code client",
                 "numero cliente", "número de cliente", "codice cliente", "klantnummer", "顧客番号", "会员号",
                 "客户编号"),
)  # fmt: skip
_AMOUNT_WORDS = (
    "order amount", "order value", "order total", "total", "total amount", "total price", "revenue", "sales amount",
    "net amount", "net sales", "sale amount", "deal value", "deal amount", "value", "payment amount", "paid amount",
    "금액", "결제금액", "주문금액", "판매금액", "매출", "매출액", "거래금액", "총금액", "총결제금액", "총주문금액", "실결제금액",
    "상품별 총 주문금액", "최종 상품별 총 주문금액",
)  # fmt: skip
_AMOUNT = Column(
    "amount",
    REQUIRED,
    "money",
    marked("Money of the row; negative = refund. May be left out where quantity and unit_price are there."),
    "120.00",
    _AMOUNT_WORDS,
    suggestions=("betrag", "umsatz", "summe", "montant", "chiffre d'affaires", "importe", "importo", "bedrag",
                 "金額", "金额", "売上"),
)  # fmt: skip
_CHANNEL = Column(
    "channel",
    RECOMMENDED,
    "text",
    marked("The source that the company's own system recorded."),
    "paid_search",
    ("source", "sales channel", "marketing channel", "acquisition channel", "traffic source", "lead source",
     "utm source", "채널", "유입채널", "유입경로", "판매채널", "경로"),
    suggestions=("source medium", "session source medium", "kanal", "vertriebskanal", "canal", "canale", "kanaal", "チャネル", "渠道"),
)  # fmt: skip


def _order_date(*more: str) -> Column:
    return Column(
        "order_date",
        REQUIRED,
        "day",
        marked("Day of the order; the calendar day as written is kept."),
        "2026-07-01",
        ("date", "order day", "ordered at", "ordered on", "created at", "created on", "purchase date", "sale date",
         "sales date", "invoice date", "transaction date", "deal date", "close date", "closed at", "주문일",
         "주문일자", "주문일시", "주문날짜", "구매일", "결제일", "결제일시", "거래일", *more),
        suggestions=("bestelldatum", "datum", "auftragsdatum", "rechnungsdatum", "date commande",
                     "date de commande", "fecha", "fecha pedido", "data ordine", "orderdatum", "注文日", "订单日期"),
    )  # fmt: skip


_ORDER_DETAILS = (
    Column("margin", OPTIONAL, "money", marked("Gross margin of the row; else the workspace's margin rate is used, and said."),
           "48.00", ("gross margin", "profit", "gross profit", "contribution", "마진", "이익", "매출이익", "총이익")),
    Column("quantity", OPTIONAL, "number", marked("Pieces; with unit_price it stands for amount."), "2",
           ("qty", "units", "pieces", "수량", "주문수량"), suggestions=("menge", "anzahl", "quantité", "cantidad", "数量")),
    Column("unit_price", OPTIONAL, "money", marked("Price of one piece."), "60.00",
           ("price", "unit cost", "item price", "price per unit", "단가", "판매가", "상품가격"),
           suggestions=("einzelpreis", "stückpreis", "prix unitaire", "precio unitario", "単価", "单价")),
    Column("segment", OPTIONAL, "text", marked("Customer segment."), "consumer",
           ("customer segment", "customer group", "tier", "세그먼트", "고객등급", "고객군", "등급")),
    Column("region", OPTIONAL, "text", marked("Region or country."), "north",
           ("country", "market", "territory", "state", "area", "지역", "국가"), suggestions=("land", "pays", "país")),
    Column("product", OPTIONAL, "text", marked("Product or article."), "starter kit",
           ("product name", "product id", "sku", "stock code", "item", "article", "상품", "상품명", "제품", "상품코드"),
           suggestions=("artikel", "produkt", "produit", "producto")),
    Column("campaign", OPTIONAL, "text", marked("Campaign that the order is booked on."), "summer-2026",
           ("campaign name", "utm campaign", "캠페인", "캠페인명")),
    Column("rep_id", OPTIONAL, "text", marked("Sales person."), "R-07",
           ("rep", "sales rep", "sales person", "salesperson", "owner", "opportunity owner", "deal owner", "담당자",
            "영업사원", "담당자id")),
    Column("currency", OPTIONAL, "text", marked("Currency code; one currency per workspace."), "EUR",
           ("currency code", "order currency", "통화", "통화코드"), suggestions=("währung", "devise", "moneda")),
)  # fmt: skip

SALES = Kind(
    "sales",
    marked("one row per deal or first order (order lines are allowed)"),
    marked("new sales, and all orders where a company has one orders export"),
    (_ORDER_ID, _CUSTOMER_ID, _order_date(), _AMOUNT, _CHANNEL, *_ORDER_DETAILS),
    ("order_id",),
    "order_date",
    "amount",
)
REORDERS = Kind(
    "reorders",
    marked("one row per repeat order"),
    marked("what existing customers bought again, and which retention programme prompted it"),
    (
        _ORDER_ID,
        _CUSTOMER_ID,
        _order_date("reorder date", "reordered at", "재주문일", "재구매일"),
        _AMOUNT,
        Column("trigger", OPTIONAL, "text", marked("The retention programme that prompted the order."), "loyalty_points",
               ("program", "programme", "retention program", "promotion", "offer", "트리거", "프로그램", "프로모션")),
        Column("incentive_cost", OPTIONAL, "money", marked("What the incentive of this order cost."), "5.00",
               ("incentive", "discount cost", "reward cost", "인센티브", "인센티브 비용", "혜택비용")),
        Column("previous_order_id", OPTIONAL, "text", marked("The order that this one repeats."), "S-0042",
               ("previous order", "original order id", "이전주문번호")),
        *_ORDER_DETAILS,
    ),
    ("order_id",),
    "order_date",
    "amount",
)  # fmt: skip
REFERRALS = Kind(
    "referrals",
    marked("one row per referral made"),
    marked("who brings whom: referred customers, rewards, the three Cs"),
    (
        Column("referral_id", REQUIRED, "text", marked("Number of the referral."), "R-001",
               ("referral", "referral no", "referral number", "추천번호", "추천id")),
        Column("referrer_id", REQUIRED, "text", marked("The existing customer who refers."), "000123",
               ("referrer", "referrer customer id", "referring customer id", "referred by", "advocate id",
                "추천인", "추천인번호", "추천인id", "추천고객번호")),
        Column("referred_at", REQUIRED, "day", marked("Day on which the referral was made."), "2026-07-05",
               ("referral date", "referred on", "date", "invited at", "추천일", "추천일자", "추천일시")),
        Column("referred_id", OPTIONAL, "text", marked("The new customer, once known."), "000187",
               ("referred", "referred customer id", "new customer id", "friend id", "피추천인", "피추천인번호",
                "피추천인id", "피추천고객번호")),
        Column("kind", OPTIONAL, "text", marked("content, conversation or commendation; other words are shown as other."),
               "conversation", ("type", "referral type", "유형", "추천유형"),
               words=("content", "conversation", "commendation")),
        Column("status", OPTIONAL, "text", marked("invited, converted or rejected."), "converted",
               ("state", "referral status", "상태"), words=("invited", "converted", "rejected")),
        Column("reward_cost", OPTIONAL, "money", marked("Paid to either side."), "10.00",
               ("reward", "reward amount", "bonus", "보상", "보상금", "리워드")),
        Column("channel", OPTIONAL, "text", marked("Where it was made."), "email", ("source", "채널")),
    ),
    ("referral_id",),
    "referred_at",
    "reward_cost",
)  # fmt: skip
SPEND = Kind(
    "spend",
    marked("one row per month and channel or programme"),
    marked("what each channel and programme cost: without it there is no CAC, no ROI and no budget"),
    (
        Column("month", REQUIRED, "month", marked("2026-07, 2026-07-01, Jul 2026, or a quarter (spread over its months)."),
               "2026-07", ("date", "period", "quarter", "year month", "월", "년월", "기간", "분기"),
               suggestions=("monat", "mois", "mes", "mese", "maand", "月")),
        Column("channel", REQUIRED, "text", marked("Channel or retention programme."), "paid_search",
               ("source", "program", "programme", "marketing channel", "채널", "프로그램", "항목"),
               suggestions=("kanal", "kampagne", "canal", "canale", "kanaal", "渠道")),
        Column("amount", REQUIRED, "money", marked("Money spent."), "38000.00",
               ("spend", "cost", "budget", "total spend", "ad spend", "amount spent", "비용", "지출", "금액", "광고비", "예산"),
               suggestions=("kosten", "ausgaben", "betrag", "coût", "dépenses", "gasto", "coste", "费用")),
        Column("motion", OPTIONAL, "text", marked("acquisition or retention; else learnt from where the name occurs."),
               "acquisition", ("purpose", "구분", "목적"), words=("acquisition", "retention")),
        Column("stage", OPTIONAL, "text", marked("Stage of the funnel that the money is for."), "awareness",
               ("funnel stage", "단계")),
    ),
    ("month", "channel"),
    "month",
    "amount",
)  # fmt: skip
TOUCHPOINTS = Kind(
    "touchpoints",
    marked("one row per contact with a prospect or customer"),
    marked("attribution, funnels and measured uplift; people who never bought belong in the file"),
    (
        Column("customer_id", REQUIRED, "text", marked("Prospect or customer."), "000123",
               (*_CUSTOMER_ID.synonyms, "prospect id", "contact id", "visitor id", "lead id"),
               fallbacks=_CUSTOMER_ID.fallbacks),
        Column("touched_at", REQUIRED, "day", marked("Day of the contact."), "2026-07-01",
               ("date", "touch date", "timestamp", "contact date", "event date", "created at", "접점일", "접촉일",
                "일자", "접촉일시")),
        Column("channel", REQUIRED, "text", marked("Where the contact took place."), "display",
               ("source", "touchpoint", "marketing channel", "채널", "접점", "유입채널")),
        Column("stage", OPTIONAL, "text", marked("awareness, interest, desire, action, satisfaction, acknowledgement, "
               "dialogue, incentivization or activation."), "awareness", ("funnel stage", "단계"),
               words=("awareness", "interest", "desire", "action", "satisfaction", "acknowledgement", "dialogue",
                      "incentivization", "activation")),
        Column("direction", OPTIONAL, "text", marked("inbound or outbound."), "outbound", ("방향",),
               words=("inbound", "outbound")),
        Column("cost", OPTIONAL, "money", marked("Cost of the contact."), "0.40", ("touch cost", "비용")),
        Column("arm", OPTIONAL, "text", marked("treated or holdout (eligible, and deliberately left alone)."), "treated",
               ("group", "test group", "experiment arm", "실험군", "그룹"), words=("treated", "holdout")),
    ),
    (),
    "touched_at",
)  # fmt: skip
PROSPECTS = Kind(
    "prospects",
    marked("one row per social-selling contact"),
    marked("whether social selling pays"),
    (
        Column("prospect_id", REQUIRED, "text", marked("Number of the contact."), "P-001",
               ("prospect", "lead id", "contact id", "잠재고객번호", "리드번호")),
        Column("rep_id", REQUIRED, "text", marked("Sales person."), "R-07",
               ("rep", "sales rep", "owner", "salesperson", "담당자", "영업사원")),
        Column("channel", REQUIRED, "text", marked("linkedin, phone, event …"), "linkedin", ("source", "채널")),
        Column("invited_at", REQUIRED, "day", marked("Day of the invitation or call."), "2026-07-01",
               ("invited on", "invitation date", "contacted at", "초대일", "접촉일")),
        Column("accepted_at", OPTIONAL, "day", marked("Day of acceptance."), "2026-07-02", ("accepted on", "수락일")),
        Column("responded_at", OPTIONAL, "day", marked("Day of the first answer."), "2026-07-03", ("responded on", "응답일")),
        Column("met_at", OPTIONAL, "day", marked("Day of the meeting."), "2026-07-10", ("met on", "meeting date", "미팅일")),
        Column("budget", OPTIONAL, "yes_no", marked("Has a budget."), "yes", ("has budget", "예산")),
        Column("authority", OPTIONAL, "yes_no", marked("May decide."), "no", ("has authority", "결정권")),
        Column("need", OPTIONAL, "yes_no", marked("Needs it."), "yes", ("has need", "필요")),
        Column("timeline", OPTIONAL, "yes_no", marked("Has a date."), "no", ("has timeline", "일정")),
        Column("research_minutes", OPTIONAL, "number", marked("Minutes of research."), "20", ("research time", "조사시간")),
        Column("customer_id", OPTIONAL, "text", marked("Once won."), "000187", ("customer", "won customer id", "고객번호")),
        Column("signal", OPTIONAL, "text", marked("complaint, question, job change, funding or none."), "question",
               ("trigger", "신호"), words=("complaint", "question", "job change", "funding", "none")),
    ),
    ("prospect_id",),
    "invited_at",
)  # fmt: skip

KINDS: dict[str, Kind] = {k.name: k for k in (SALES, REORDERS, REFERRALS, SPEND, TOUCHPOINTS, PROSPECTS)}
CORE = ("sales", "reorders", "referrals")

KIND_LABELS = Texts(
    {
        "sales": marked("sales"),
        "reorders": marked("reorders"),
        "referrals": marked("referrals"),
        "spend": marked("spend"),
        "touchpoints": marked("touchpoints"),
        "prospects": marked("prospects"),
    }
)
WORDS = Texts(  # of need and type of a column, as people read them
    {
        REQUIRED: marked("required"),
        RECOMMENDED: marked("recommended"),
        OPTIONAL: marked("optional"),
        "text": marked("text"),
        "money": marked("money"),
        "number": marked("number"),
        "day": marked("day"),
        "month": marked("month"),
        "yes_no": marked("yes or no"),
    }
)

# Headers of personal data that no page needs: such a column is never stored.
PERSONAL = re.compile(
    r"e?mail|phone|mobile|fax|birth|dob|address|street|zip|postcode|postal|card|iban|passport|ssn|socialsecurity|"
    r"password|gender|firstname|lastname|surname|fullname|customername|clientname|ipaddress|"
    r"billingname|shippingname|이메일|전화|휴대폰|연락처|생년월일|생일|주소|우편번호|카드|주민|성별|고객명|이름|비밀번호|구매자명|주문자명|수취인|수령인|"
    r"geburtsdatum|telefon|adresse"
)


_CURRENCY = re.compile(
    r"[(\[]\s*(krw|usd|eur|gbp|jpy|cny|chf|cad|aud|pln|czk|sek|nok|dkk|inr|₩|원|\$|€|£|円|元)\s*[)\]]\s*$",
    re.IGNORECASE,
)
_HEADER_SIGNS = {"₩": "KRW", "원": "KRW", "$": "USD", "€": "EUR", "£": "GBP", "円": "JPY", "元": "CNY"}


def currency_of_header(header: str) -> str | None:
    """The currency that a header names in parentheses: KRW for 결제금액(원), USD for Cost (USD), None for none."""
    match = _CURRENCY.search(unicodedata.normalize("NFKC", header))
    return _HEADER_SIGNS.get(match[1], match[1].upper()) if match else None


def normalised(header: str) -> str:
    """A header without regard to case, spaces, punctuation and a currency in parentheses: letters and digits only."""
    text = _CURRENCY.sub("", unicodedata.normalize("NFKC", header)).casefold()
    return "".join(c for c in text if c.isalnum())


def template_csv(kind: str) -> str:
    """A CSV with the headers of `kind` and one example row."""
    columns = KINDS[kind].columns
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in columns])
    writer.writerow([c.example for c in columns])
    return out.getvalue()


@dataclass(frozen=True)
class DictionaryRow:
    """One line of the data dictionary."""

    kind: str
    column: str
    need: str
    type: str
    meaning: str
    also_called: str


def data_dictionary() -> tuple[DictionaryRow, ...]:
    """Every column of every kind, in the order of the contract."""
    return tuple(
        DictionaryRow(k.name, c.name, c.need, c.type, c.meaning, ", ".join((*c.synonyms, *c.fallbacks)))
        for k in KINDS.values()
        for c in k.columns
    )
