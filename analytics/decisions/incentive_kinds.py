"""What kind of reward a programme gives, read off its name: no export says it."""

from analytics.language import Texts, marked

OTHER = "other"
# Later kinds give way to earlier ones: a "birthday gift coupon" is a discount.
WORDS = {
    "discount": ("discount", "coupon", "voucher", "rebate", "cashback", "할인", "쿠폰"),
    "points": ("point", "loyalty", "miles", "stamp", "적립", "포인트"),
    "gift": ("gift", "present", "freebie", "사은품", "선물"),
    "content": ("content", "newsletter", "guide", "course", "webinar", "recipe", "콘텐츠"),
    "access": ("access", "vip", "member", "club", "priority", "멤버십"),
}
LABELS = Texts({
    "discount": marked("discounts"), "points": marked("points"), "gift": marked("gifts"), "content": marked("content"),
    "access": marked("access"), OTHER: marked("other rewards"),
})  # fmt: skip


def kind_of(programme: str) -> str:
    """discount, points, gift, content or access by the first of WORDS in the name, else other."""
    name = programme.lower()
    return next((kind for kind, words in WORDS.items() if any(word in name for word in words)), OTHER)
