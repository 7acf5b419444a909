"""Who is known to the stand-in."""

PEOPLE = (
    {"id": "li", "name": "李样", "phone": "13800001234"},
    {"id": "zhao", "name": "赵样", "phone": "13800005678"},
    {"id": "sun", "name": "孙样", "phone": "13800009012"},
)
