"""The environment (and ``*_FILE`` secrets) as one frozen ``Settings``.

Every missing or wrong value is named at once (``SettingsProblems``). The environment's names are
the field names in capitals: ``database_url`` is ``DATABASE_URL`` or ``DATABASE_URL_FILE``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails

from config import setting_types as kinds
from config.demo import demo_values
from config.keys import DEMO_WORD, Keyring, is_demo_key

CHECKOUT = Path(__file__).resolve().parent.parent
_OWN_PREFIXES = ("WECHAT_",)
"""Names that begin like this belong to us: an unknown one is a typing mistake."""

Mode = Literal["plain", "compat", "safe"]


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One value at fault: its name in the environment, why, and how to set it right."""

    name: str
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.name}：{self.reason}" + (f"（{self.hint}）" if self.hint else "")


class SettingsProblems(Exception):
    """Everything wrong with the settings, at once."""

    def __init__(self, problems: tuple[SettingProblem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class WechatAccount:
    """One account on the platform: the mini-program (MP) or the official account (OA)."""

    appid: str
    secret: SecretStr
    token: SecretStr
    aes_key: SecretStr
    aes_key_previous: SecretStr | None = None
    mode: Mode = "safe"
    original_id: str = ""
    """The ``gh_…`` its messages are addressed to; empty: not checked."""


class Settings(BaseModel):
    """What differs between deployments. Frozen; secrets do not show when printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    demo: bool = Field(default=False, description="1 为演示模式，0 或不设为正式运行")
    host: str = Field(default="127.0.0.1", min_length=1, description="监听地址，如 127.0.0.1")
    port: int = Field(default=8000, ge=0, le=65535, description="监听端口，0 表示任选空闲端口")
    workers: int = Field(default=2, ge=1, le=64, description="工作进程数，一般等于 CPU 核数")
    data_dir: kinds.Folder = Field(default=CHECKOUT / "data", description="数据目录")
    database_url: Annotated[SecretStr, BeforeValidator(kinds.postgres_url)] = Field(
        description="形如 postgres://用户:密码@主机:5432/库名"
    )
    redis_url: Annotated[SecretStr, BeforeValidator(kinds.redis_url)] = Field(
        description="形如 redis://:密码@主机:6379/0"
    )
    storage_url: Annotated[str, BeforeValidator(kinds.storage_url)] = Field(
        description="附件存放处，形如 file:///srv/uploads 或 s3://桶名/前缀"
    )
    public_url: Annotated[str, BeforeValidator(kinds.http_url)] = Field(
        description="外部访问地址，形如 https://bz.example.gov.cn"
    )
    token_keys: kinds.Ring = Field(description="登录令牌签名密钥，kid:base64[,kid:base64]")
    seal_keys: kinds.SealRing = Field(description="联系信息加密密钥，kid:base64，每把 32 字节")
    lookup_key: kinds.Key = Field(description="联系信息检索用密钥，base64，至少 32 字节")
    link_key: kinds.Key = Field(description="下载链接签名密钥，base64，至少 32 字节")
    integration_keys: kinds.PlatformKeys = Field(
        default_factory=dict, description="对接平台密钥，平台号@城市:base64，多个用逗号分隔"
    )
    wechat_api_base: kinds.HttpUrl = "https://api.weixin.qq.com"
    wechat_oauth_base: kinds.HttpUrl = "https://open.weixin.qq.com"
    wechat_mp_appid: kinds.AppId = Field(description="小程序 AppID，wx 开头 18 位")
    wechat_mp_secret: kinds.Secret = Field(description="小程序 AppSecret")
    wechat_mp_token: kinds.CallbackToken = Field(
        description="小程序消息推送 Token，3–32 位字母数字"
    )
    wechat_mp_aes_key: kinds.AesKey = Field(description="小程序 EncodingAESKey，43 位字母数字")
    wechat_mp_aes_key_previous: kinds.AesKey | None = Field(
        default=None, description="轮换前的小程序 EncodingAESKey，43 位字母数字"
    )
    wechat_mp_original_id: kinds.OriginalId = Field(
        default="", description="小程序原始 ID，gh_ 开头；设置后只接收发给它的推送"
    )
    wechat_mp_template_progress: kinds.TemplateId = Field(
        default="", description="订阅消息“办理进度”的模板 ID；不设则只发站内消息"
    )
    wechat_oa_appid: kinds.AppId = Field(description="公众号 AppID，wx 开头 18 位")
    wechat_oa_secret: kinds.Secret = Field(description="公众号 AppSecret")
    wechat_oa_token: kinds.CallbackToken = Field(description="公众号 Token，3–32 位字母数字")
    wechat_oa_aes_key: kinds.AesKey = Field(description="公众号 EncodingAESKey，43 位字母数字")
    wechat_oa_aes_key_previous: kinds.AesKey | None = Field(
        default=None, description="轮换前的 EncodingAESKey，43 位字母数字"
    )
    wechat_oa_original_id: kinds.OriginalId = Field(
        default="", description="公众号原始 ID，gh_ 开头；设置后只接收发给它的消息"
    )
    wechat_oa_plain_accepted: bool = Field(
        default=False,
        description="1 为正式运行也接受明文消息，0 或不设为不接受；明文消息任何人都可能冒充",
    )
    wechat_oa_mode: Mode = Field(default="safe", description="plain、compat 或 safe")
    cities: kinds.Names = Field(default=(), description="启用的城市代码，逗号分隔；不设为全部")
    upload_max_bytes: int = Field(
        default=20 * 1024 * 1024, ge=1024, le=1024**3, description="单个附件上限（字节）"
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)
    ] = Field(default="INFO", description="DEBUG、INFO、WARNING 或 ERROR")

    @property
    def spool_dir(self) -> Path:
        """Where uploads wait while they are examined."""
        return self.data_dir / "spool"

    @property
    def chat_dir(self) -> Path:
        """Where messages of the chat wait while the database is away."""
        return self.data_dir / "chat"

    @property
    def mp(self) -> WechatAccount:
        """The mini-program's account; its pushed messages come in safe mode."""
        return WechatAccount(
            self.wechat_mp_appid,
            self.wechat_mp_secret,
            self.wechat_mp_token,
            self.wechat_mp_aes_key,
            self.wechat_mp_aes_key_previous,
            original_id=self.wechat_mp_original_id,
        )

    @property
    def oa(self) -> WechatAccount:
        """The official account."""
        return WechatAccount(
            self.wechat_oa_appid,
            self.wechat_oa_secret,
            self.wechat_oa_token,
            self.wechat_oa_aes_key,
            self.wechat_oa_aes_key_previous,
            self.wechat_oa_mode,
            self.wechat_oa_original_id,
        )

    @field_validator("*", mode="after")
    @classmethod
    def _refuse_demo_secrets(cls, value: Any, info: ValidationInfo) -> Any:
        """Production never runs on values everybody with the checkout could have made."""
        if info.data.get("demo") is False and _is_demo_value(value):
            raise ValueError("正式运行不得使用演示密钥，请换成自己生成的")
        return value

    @field_validator("wechat_oa_mode", mode="after")
    @classmethod
    def _refuse_plain_messages(cls, value: Mode, info: ValidationInfo) -> Mode:
        """No signature covers a plain message: nobody knows who has written it."""
        accepted = info.data.get("wechat_oa_plain_accepted", True)  # a wrong value is named itself
        if value == "plain" and info.data.get("demo") is False and not accepted:
            raise ValueError(
                "明文模式的签名不含消息内容，截获一次请求即可冒充任何用户查看、提交、撤回其办件；"
                "请在微信后台改为安全模式，确要承担此风险的设 WECHAT_OA_PLAIN_ACCEPTED=1"
            )
        return value

    @field_validator("public_url", mode="after")
    @classmethod
    def _refuse_plain_http(cls, value: str, info: ValidationInfo) -> str:
        """Tokens and personal data never travel in clear in production."""
        if info.data.get("demo") is False and not value.startswith("https://"):
            raise ValueError("正式运行的地址须以 https:// 开头")
        return value

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Self:
        """Read ``environ``; with ``DEMO=1`` what is not given comes from the data folder.

        Raises SettingsProblems listing every missing or wrong value at once.
        """
        given, problems = _read(environ, set(cls.model_fields))
        values: dict[str, Any] = dict(given)
        if given.get("demo", "").strip().lower() in kinds.TRUE_WORDS:
            data_dir = kinds.folder(given.get("data_dir", str(CHECKOUT / "data")))
            port = given.get("port", "8000").strip()
            values = {**demo_values(data_dir, public_port=port), **given}
        try:
            settings = cls.model_validate(values)
        except ValidationError as invalid:
            broken = {problem.name.removesuffix("_FILE") for problem in problems}
            found = (_explain(cls, error) for error in invalid.errors(include_url=False))
            problems += [problem for problem in found if problem.name not in broken]
            raise SettingsProblems(tuple(problems)) from None
        if problems:
            raise SettingsProblems(tuple(problems))
        return settings

    @classmethod
    def for_demo(cls, data_dir: Path, **given: str) -> Self:
        """Demo settings of one data folder; ``given`` (field name → text) goes before them."""
        environ = {name.upper(): value for name, value in given.items()}
        return cls.load({"DEMO": "1", "DATA_DIR": str(data_dir), **environ})


def _is_demo_value(value: object) -> bool:
    if isinstance(value, SecretStr):
        return value.get_secret_value().startswith(DEMO_WORD.rstrip("-"))
    if isinstance(value, Keyring):
        return value.is_demo
    if isinstance(value, dict):
        return any(_is_demo_value(inner) for inner in value.values())
    return isinstance(value, bytes) and is_demo_key(value)


def _read(
    environ: Mapping[str, str], known: set[str]
) -> tuple[dict[str, str], list[SettingProblem]]:
    """The values given, by field name, from variables and from the files they point at."""
    given: dict[str, str] = {}
    problems: list[SettingProblem] = []
    for field in sorted(known):
        name = field.upper()
        path = environ.get(f"{name}_FILE", "")
        if environ.get(name, "") and path:
            problems.append(SettingProblem(name, f"与 {name}_FILE 同时设置", "只保留一个"))
        elif path:
            try:
                given[field] = Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                problems.append(
                    SettingProblem(f"{name}_FILE", f"读不到文件 {path}", "检查路径与权限")
                )
        elif environ.get(name, ""):
            given[field] = environ[name]
    for name in sorted(environ):
        field = name.lower().removesuffix("_file")
        if name.startswith(_OWN_PREFIXES) and field not in known:
            problems.append(SettingProblem(name, "没有这个设置项", "检查拼写"))
    return given, problems


_REASONS = {
    "missing": "没有设置",
    "int_parsing": "须为整数",
    "bool_parsing": "须为 1 或 0",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "literal_error": "只能是 {expected}",
    "string_pattern_mismatch": "格式不对",
    "string_too_short": "太短",
    "too_short": "太短",
}


def _explain(model: type[BaseModel], error: ErrorDetails) -> SettingProblem:
    """One pydantic fault in words, never with the value itself: it may be a secret."""
    field = str(error["loc"][0]) if error["loc"] else ""
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        reason = str(context.get("error", "不对"))
    else:
        if "expected" in context:  # 'a', 'b' or 'c'
            named = context["expected"].replace("'", "")
            context = {**context, "expected": named.replace(", ", "、").replace(" or ", " 或 ")}
        reason = _REASONS.get(error["type"], "格式不对").format(**context)
    info = model.model_fields.get(field)
    return SettingProblem(field.upper(), reason, (info.description or "") if info else "")
