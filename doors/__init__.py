"""What every HTTP door shares: routes as data, rights, decoding, problems, the OpenAPI document.

``miniprogram_api`` and ``web`` declare their routes with it and never import each other.
"""
