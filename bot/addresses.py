"""Where the platform pushes to: what is entered in its console for each account."""

OFFICIAL_ACCOUNT = "/wechat/callback"
MINI_PROGRAM = "/wechat/miniprogram"
