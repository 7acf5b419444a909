"""Names of uploads: what is refused, what is shown, what a download is called."""

import re
from email.message import EmailMessage
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Code, DomainError
from storage.names import (
    FALLBACK,
    check_ending,
    check_name,
    content_disposition,
    download_headers,
    download_name,
)


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("营业执照.jpg", "营业执照.jpg"),
        ("附件1：土地合同（2026.11）.pdf", "附件1：土地合同（2026.11）.pdf"),
        ("方案v1.2.pdf", "方案v1.2.pdf"),
        ("www.example.com.pdf", "www.example.com.pdf"),
        ("  IMG_0001.JPG ", "IMG_0001.JPG"),
        ("现场\u200b照片.png", "现场照片.png"),
        ("e\u0301.png", "é.png"),
        ("无后缀", "无后缀"),
        ("", FALLBACK),
        (None, FALLBACK),
        ("名" * 196 + ".jpg", "名" * 196 + ".jpg"),
    ],
)
def test_good_names_stay(declared: str | None, name: str) -> None:
    assert check_name(declared) == name


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ("../../etc/passwd.jpg", "name_path"),
        ("a/b.jpg", "name_path"),
        ("C:\\fakepath\\b.jpg", "name_path"),
        ("..", "name_path"),
        ("x.jpg\x00.exe", "name_control"),
        ("x\n.jpg", "name_control"),
        ("photo\u202egpj.exe", "name_control"),
        ("\ud800.jpg", "name_control"),
        ("名" * 300, "name_long"),
        ("名" * 201, "name_long"),
        ("x.php.jpg", "name_executable"),
        ("x.PhP.jpg", "name_executable"),
        ("invoice.pdf.exe", "name_executable"),
        ("x.jpg:evil.exe", "name_executable"),
        ("x．ｅｘｅ", "name_executable"),
        ("page.html", "name_executable"),
        ("drawing.svg", "name_executable"),
        (".htaccess", "name_executable"),
        ("x.exe .jpg", "name_executable"),
    ],
)
def test_bad_names_are_refused(declared: str, reason: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_name(declared)
    assert (refused.value.code, refused.value.data["reason"]) == (Code.UPLOAD_NAME, reason)


@pytest.mark.parametrize(
    ("name", "is_pdf", "reason"),
    [
        ("a.docx", False, "name_type"),
        ("a.zip", True, "name_type"),
        ("a.jpg", True, "name_mismatch"),
        ("a.pdf", False, "name_mismatch"),
    ],
)
def test_an_ending_may_not_promise_something_else(name: str, is_pdf: bool, reason: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_ending(name, is_pdf=is_pdf)
    assert (refused.value.code, refused.value.data["reason"]) == (Code.UPLOAD_TYPE, reason)


@pytest.mark.parametrize(
    ("name", "is_pdf"),
    [("a.jpg", False), ("a.PNG", False), ("a", True), ("图 2026.11", True), ("a.pdf", True)],
)
def test_endings_that_fit_pass(name: str, is_pdf: bool) -> None:
    check_ending(name, is_pdf=is_pdf)


@pytest.mark.parametrize(
    ("name", "extension", "saved"),
    [
        ("营业执照.png", "jpg", "营业执照.jpg"),
        ("方案 v1.2", "pdf", "方案 v1.2.pdf"),
        ('a"b;c%d?.jpg', "jpg", "a_b_c_d_.jpg"),
        ("CON.jpg", "jpg", "附件CON.jpg"),
        ("12:30.jpg", "jpg", "12_30.jpg"),
        (".jpg", "jpg", "jpg.jpg"),
        ("名" * 199, "pdf", "名" * 196 + ".pdf"),
    ],
)
def test_download_names(name: str, extension: str, saved: str) -> None:
    assert download_name(name, extension) == saved


def name_or_refusal(declared: str) -> tuple[str | None, Code | None]:
    try:
        return check_name(declared), None
    except DomainError as error:
        return None, error.code


@given(st.text(max_size=220))
def test_whatever_is_declared_ends_as_a_safe_name_or_a_refusal(declared: str) -> None:
    name, refusal = name_or_refusal(declared)
    if name is None:
        assert refusal is Code.UPLOAD_NAME
        return
    saved = download_name(name, "pdf")
    assert saved.endswith(".pdf")
    assert 4 < len(saved) <= 200
    assert not re.search(r'[\x00-\x1f\x7f<>:"/\\|?*]', saved)
    header = content_disposition(saved, inline=False)
    assert header.isascii()
    assert header.isprintable()
    assert unquote(header.partition("filename*=UTF-8''")[2]) == saved


def test_an_independent_reader_understands_the_header() -> None:
    """The standard library's mail parser reads the same extended parameter."""
    value = content_disposition("营业执照 1.jpg", inline=False)
    extended = value.replace('filename="____ 1.jpg"; ', "")
    assert extended != value
    message = EmailMessage()
    message["Content-Disposition"] = extended
    assert message.get_content_disposition() == "attachment"
    assert message.get_filename() == "营业执照 1.jpg"


def test_download_headers_leave_nothing_to_guess() -> None:
    headers = download_headers("图.jpg", "image/jpeg", 12, inline=True)
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Length"] == "12"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("inline; ")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"
